import type { ConformanceCase, ConformanceGroup, OpenBackend } from './conformance-case.ts';
import { randomGraphGroup } from './random/random-graph-group.ts';
import { CASE_GROUPS } from './cases/case-groups.ts';

/** What {@link describeBackend} needs of a test runner; vitest, jest, mocha and node:test have it. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}

/** Options of {@link describeBackend}. */
export interface DescribeBackendOptions extends Partial<TestRunner> {
  /**
   * Cases that the backend cannot pass, `group: name`, and why. A case that does not exist any more is
   * an error, so that the list does not outlive its reasons.
   */
  readonly skip?: Readonly<Record<string, string>>;
  /** Random graphs to try. Default 200. */
  readonly graphCount?: number;
  /** Seed of the random graphs. Default: a new one each time; a failure prints it. */
  readonly seed?: number;
}

/**
 * Describes how every backend must behave, as tests of a given one: every node kind, order, the same
 * results whatever the schedule, error policies, lifecycle, early stop, statistics, and random graphs
 * compared with visualpath's SimpleBackend working through them frame by frame.
 *
 * @param name - Name of the backend, for the titles of the tests.
 * @param open - Makes the backend for a schedule.
 * @throws TypeError if there is no test runner; RangeError for a skip that names no case.
 *
 * @example
 * ```ts
 * import { describe, it } from 'vitest';
 * describeBackend('mine', (schedule) => new MyBackend(schedule), { describe, it });
 * ```
 */
export function describeBackend(
  name: string,
  open: OpenBackend,
  options: DescribeBackendOptions = {},
): void {
  const { describe, it } = testRunner(options);
  const { skip = {}, graphCount = 200, seed } = options;
  const groups = [...CASE_GROUPS, randomGraphGroup(graphCount, seed)];
  refuseStaleSkips(groups, skip);
  describe(`${name} backend`, () => {
    for (const group of groups) {
      describe(group.name, () => {
        for (const one of group.cases) {
          if (!Object.hasOwn(skip, titleOf(group, one))) it(one.name, () => one.run(open));
        }
      });
    }
  });
}

/** Number of cases that {@link describeBackend} has without the random graphs. */
export const conformanceCaseCount = (): number =>
  CASE_GROUPS.reduce((count, { cases }) => count + cases.length, 0);

const titleOf = (group: ConformanceGroup, one: ConformanceCase): string =>
  `${group.name}: ${one.name}`;

function testRunner(options: DescribeBackendOptions): TestRunner {
  const globals = globalThis as Partial<TestRunner>;
  const describe = options.describe ?? globals.describe;
  const it = options.it ?? globals.it;
  if (describe !== undefined && it !== undefined) return { describe, it };
  throw new TypeError(
    'describeBackend needs a test runner: hand it over as { describe, it }, or make both global.',
  );
}

function refuseStaleSkips(
  groups: readonly ConformanceGroup[],
  skip: Readonly<Record<string, string>>,
): void {
  const titles = new Set(groups.flatMap((group) => group.cases.map((one) => titleOf(group, one))));
  const stale = Object.keys(skip).filter((title) => !titles.has(title));
  if (stale.length === 0) return;
  throw new RangeError(`No conformance case is called "${stale.join('", "')}": remove the skip.`);
}
