import { isVisualError } from 'visualbase';
import { show } from '../../first-difference.ts';
import { skipped, type CheckFinding, type PluginCheck } from '../plugin-check.ts';
import { frameDifference, type TestSubject } from '../test-subject.ts';
import { comparable, comparableAfterReset, describeIn } from './comparable.ts';

/** Starting, stopping, giving up and failing. */
export const LIFECYCLE_CHECKS: readonly PluginCheck[] = [
  {
    name: 'before-initialize',
    title: 'says so when it is asked before initialize(), or needs none',
    async run(subject) {
      const module = await subject.make();
      const loan = await subject.lend(0);
      const error = await errorOf(() => subject.process(module, loan));
      await subject.cleanup(module);
      if (error === undefined || isVisualError(error.thrown)) return [];
      return [
        `process() before initialize() throws ${describe(error.thrown)}; throw a VisualError such as VPX_NOT_INITIALIZED`,
      ];
    },
  },
  {
    name: 'restart',
    title: 'can be started again after cleanup()',
    async run(subject) {
      const baseline = await comparable(subject);
      const module = await subject.make();
      try {
        await subject.initialize(module);
        await subject.process(module, await subject.lend(0));
        await subject.cleanup(module);
        await subject.initialize(module);
        // As the platform does with a module that has been in a run before.
        await subject.reset(module);
        const { seen } = await subject.pass(module);
        if ('skipped' in baseline) return [];
        const difference = frameDifference(baseline.seen, seen, true);
        return difference === undefined ? [] : [`started again, ${describeIn(difference)}`];
      } finally {
        await subject.cleanup(module);
      }
    },
  },
  {
    name: 'cleanup',
    title: 'can be cleaned up twice, and without having been started',
    async run(subject) {
      const started = await subject.make();
      await subject.initialize(started);
      await subject.cleanup(started);
      const twice = await errorOf(() => subject.cleanup(started));
      const unstarted = await subject.make();
      const without = await errorOf(() => subject.cleanup(unstarted));
      return [
        ...(twice ? [`the second cleanup() throws ${describe(twice.thrown)}`] : []),
        ...(without ? [`cleanup() without initialize() throws ${describe(without.thrown)}`] : []),
      ];
    },
  },
  {
    name: 'abort',
    title: "ends early with the signal's own reason, or not at all",
    run: checkAbort,
  },
  {
    name: 'after-error',
    title: 'can go on after a frame on which it failed',
    run: checkAfterError,
  },
  {
    name: 'optional-dependencies',
    title: 'does without the modules that are optional',
    async run(subject) {
      const { optionalDepends } = await subject.make();
      if (optionalDepends.length === 0) return skipped('it has no optionalDepends');
      const optional = new Set(optionalDepends.map((o) => (typeof o === 'string' ? o : o.name)));
      return subject.withModule(async (module) => {
        const { lent, deps } = await subject.lend(0);
        const required = Object.entries(deps).filter(([name]) => !optional.has(name));
        const error = await errorOf(() =>
          subject.process(module, { lent, deps: Object.fromEntries(required) }),
        );
        if (error === undefined) return [];
        return [`without ${[...optional].join(', ')} it throws ${describe(error.thrown)}`];
      });
    },
  },
];

async function checkAbort(subject: TestSubject): Promise<CheckFinding> {
  const baseline = await comparableAfterReset(subject);
  return subject.withModule(async (module) => {
    await subject.process(module, await subject.lend(0));
    const reason = new Error('the harness has given up');
    const before = await errorOf(async () =>
      subject.process(module, await subject.lend(1), AbortSignal.abort(reason)),
    );
    const during = new AbortController();
    const loan = await subject.lend(2);
    const pending = errorOf(() => subject.process(module, loan, during.signal));
    during.abort(reason);
    const after = await pending;
    const problems = [
      ['a signal that has aborted', before] as const,
      ['a signal that aborts during the call', after] as const,
    ].flatMap(([when, error]) => {
      if (error === undefined || error.thrown === reason) return [];
      return [`with ${when} it throws ${describe(error.thrown)} and not the signal's reason`];
    });
    if (problems.length > 0 || 'skipped' in baseline) return problems;
    await subject.reset(module);
    const difference = frameDifference(baseline.seen, (await subject.pass(module)).seen, true);
    return difference === undefined
      ? []
      : [`after an abort and reset(), ${describeIn(difference)}`];
  });
}

/** A frame that was taken back too early fails whoever reads it, as a broken one may. */
async function checkAfterError(subject: TestSubject): Promise<CheckFinding> {
  const baseline = await comparableAfterReset(subject);
  return subject.withModule(async (module) => {
    await subject.process(module, await subject.lend(0));
    const broken = await subject.lend(1);
    broken.lent.takeBack();
    const failed = await errorOf(() => subject.process(module, broken));
    if (failed === undefined)
      return skipped('it does not read the frame, so that none makes it fail');
    const next = await subject.lend(2);
    const error = await errorOf(() => subject.process(module, next));
    if (error !== undefined) {
      return [`the frame after one that failed throws ${describe(error.thrown)}`];
    }
    if ('skipped' in baseline) return [];
    await subject.reset(module);
    const difference = frameDifference(baseline.seen, (await subject.pass(module)).seen, true);
    return difference === undefined
      ? []
      : [`after an error and reset(), ${describeIn(difference)}`];
  });
}

/** What a call throws; undefined if nothing. */
async function errorOf(call: () => Promise<unknown>): Promise<{ thrown: unknown } | undefined> {
  try {
    await call();
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

const describe = (error: unknown): string =>
  error instanceof Error
    ? `${isVisualError(error) ? error.code : error.name} (${error.message})`
    : show(error);
