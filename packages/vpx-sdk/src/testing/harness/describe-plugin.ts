import type { HarnessOptions } from './harness-options.ts';
import { PLUGIN_CHECKS } from './plugin-checks.ts';
import { PluginTestHarness } from './plugin-test-harness.ts';

/** What {@link describePlugin} needs of a test runner; vitest, jest, mocha and node:test have it. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>, timeoutMs: number) => unknown;
}

/** Options of {@link describePlugin}. */
export interface DescribePluginOptions extends Partial<TestRunner> {
  /** Longest that one test may take, where the runner lets one say so. Default 120,000. */
  readonly timeoutMs?: number;
}

/**
 * Makes a test of each check of {@link PluginTestHarness}. A check that does not apply to the module is
 * a test that passes; those that `skip` names are left out.
 *
 * @param name - Of the plugin, for the titles of the tests.
 * @throws TypeError if there is no test runner; as the constructor of {@link PluginTestHarness}.
 *
 * @example
 * ```ts
 * import { describe, it } from 'vitest';
 * describePlugin('frame.brightness', { create: () => new Brightness() }, { describe, it });
 * ```
 */
export function describePlugin(
  name: string,
  harnessOptions: HarnessOptions,
  options: DescribePluginOptions = {},
): void {
  const { describe, it } = testRunner(options);
  const { timeoutMs = 120_000 } = options;
  const harness = new PluginTestHarness(harnessOptions);
  const { skip = {} } = harnessOptions;
  describe(`${name}, as every plugin,`, () => {
    for (const check of PLUGIN_CHECKS) {
      if (Object.hasOwn(skip, check.name)) continue;
      it(`${check.title} (${check.name})`, () => harness.require(check.name), timeoutMs);
    }
  });
}

function testRunner(options: Partial<TestRunner>): TestRunner {
  const globals = globalThis as Partial<TestRunner>;
  const describe = options.describe ?? globals.describe;
  const it = options.it ?? globals.it;
  if (describe !== undefined && it !== undefined) return { describe, it };
  throw new TypeError(
    'describePlugin needs a test runner: hand it over as { describe, it }, or make both global.',
  );
}
