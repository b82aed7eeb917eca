import {
  decodeObservation,
  encodeObservation,
  hasCapability,
  isStateful,
  type AnyModule,
  type Observation,
} from 'visualpath';
import { describeDifference, firstDifference } from '../../first-difference.ts';
import { skipped, type PluginCheck } from '../plugin-check.ts';
import { asSeen, frameDifference, type Loan, type TestSubject } from '../test-subject.ts';
import { changeAfterwards, comparable, comparableLater, describeIn } from './comparable.ts';

const BATCH_SIZES = [1, 2, 8];
/** Frames of one batch at most, for modules that say they take thousands. */
const MAX_BATCH = 64;

/** What a module gives: that it can be written, and that it is the same again. */
export const RESULT_CHECKS: readonly PluginCheck[] = [
  {
    name: 'serializable',
    title: 'gives plain data that comes back whole from the log',
    async run(subject) {
      const { observations } = await subject.baseline();
      return first(observations.map(codecProblem));
    },
  },
  {
    name: 'stable-results',
    title: 'does not change what it has given',
    async run(subject) {
      const difference = changeAfterwards(await subject.baseline());
      return difference === undefined
        ? []
        : [`${describeIn(difference)} by the time that later frames are done; give new objects`];
    },
  },
  {
    name: 'deterministic',
    title: 'sees the same in the same frames, bit for bit',
    async run(subject) {
      const { module, difference } = await subject.baseline();
      if (difference === undefined) return [];
      const what = `of two new modules the second differs: ${describeIn(difference)}`;
      if (hasCapability(module, 'DETERMINISTIC')) return [`${what}; it declares DETERMINISTIC`];
      return skipped(`it does not declare DETERMINISTIC, and ${what}`);
    },
  },
  {
    name: 'reset',
    title: 'sees the same again after reset(), ids apart',
    async run(subject) {
      const baseline = await comparable(subject);
      if ('skipped' in baseline) return baseline;
      const difference = await subject.resetDifference();
      return difference === undefined ? [] : [`after reset(), ${describeIn(difference)}`];
    },
  },
  {
    name: 'stateless',
    title: 'remembers nothing unless it says so',
    async run(subject) {
      const baseline = await comparable(subject);
      if ('skipped' in baseline) return baseline;
      if (isStateful(baseline.module)) return skipped('it declares that it is stateful');
      const loans = await subject.lendAll();
      const seen = await subject.withModule(async (module) => {
        const results: unknown[] = [];
        for (const loan of [...loans].reverse()) {
          results.unshift(asSeen(await subject.process(module, loan)));
        }
        return results;
      });
      const difference = frameDifference(baseline.seen, seen);
      if (difference === undefined) return [];
      return [`with the frames in reverse, ${describeIn(difference)}; set \`stateful = true\``];
    },
  },
  {
    name: 'batch',
    title: 'sees in batches what it sees one by one',
    run: checkBatches,
  },
  {
    name: 'thread-safe',
    title: 'may be called again before a call has ended, if it says so',
    async run(subject) {
      const baseline = await comparableLater(subject);
      if ('skipped' in baseline) return baseline;
      const { module } = baseline;
      if (!hasCapability(module, 'THREAD_SAFE')) return skipped('it does not declare THREAD_SAFE');
      if (isStateful(module)) return skipped('a stateful module gets one frame at a time');
      const loans = await subject.lendAll();
      const seen = await subject.withModule((fresh) =>
        Promise.all(loans.map(async (loan) => asSeen(await subject.process(fresh, loan)))),
      );
      const difference = frameDifference(baseline.seen, seen);
      return difference === undefined ? [] : [`when calls overlap, ${describeIn(difference)}`];
    },
  },
];

async function checkBatches(subject: TestSubject) {
  const baseline = await comparableLater(subject);
  if ('skipped' in baseline) return baseline;
  const { maxBatchSize = Infinity } = baseline.module.capabilities;
  for (const size of BATCH_SIZES.filter((one) => one === 1 || one <= maxBatchSize)) {
    const loans = await subject.lendAll();
    const seen = await subject.withModule((module) => inBatches(subject, module, loans, size));
    const difference = frameDifference(baseline.seen, seen);
    if (difference !== undefined) return [`in batches of ${size}, ${describeIn(difference)}`];
  }
  if (!Number.isFinite(maxBatchSize)) return [];
  const largest = Math.min(maxBatchSize, MAX_BATCH);
  const loans: Loan[] = [];
  for (let index = 0; index < largest; index++) loans.push(await subject.lend(index));
  try {
    await subject.withModule((module) => subject.processBatch(module, loans));
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`it declares batches of up to ${maxBatchSize}, but one of ${largest} fails: ${why}`];
  }
}

async function inBatches(
  subject: TestSubject,
  module: AnyModule,
  loans: readonly Loan[],
  size: number,
): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  for (let at = 0; at < loans.length; at += size) {
    const results = await subject.processBatch(module, loans.slice(at, at + size));
    seen.push(...results.map(asSeen));
  }
  return seen;
}

function codecProblem(observation: Observation | undefined): string | undefined {
  if (observation === undefined) return undefined;
  let decoded: Observation;
  try {
    decoded = decodeObservation(encodeObservation(observation));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const difference = firstDifference(asSeen(observation), asSeen(decoded));
  if (difference === undefined) return undefined;
  return `frame ${observation.frameId} comes back changed: ${describeDifference(difference)}`;
}

const first = (problems: readonly (string | undefined)[]): readonly string[] =>
  problems.filter((problem) => problem !== undefined).slice(0, 1);
