import { afterEach, describe, expect, it } from 'vitest';
import { syntheticFrames } from 'visualpath-testkit';
import {
  analyzer,
  defineModule,
  FlowGraphBuilder,
  fusion,
  run,
  SimpleBackend,
  trigger,
  type RunOptions,
} from '../../src/index.ts';
import {
  MemorySink,
  ObservabilityHub,
  TraceLevel,
  type TraceRecord,
} from '../../src/observability/index.ts';

const index = analyzer('test.index', (frame) => ({ value: frame.frameId }));
const second = fusion({ sources: [index] }, (deps) =>
  deps['test.index'].signals['value'] === 1 ? trigger('second', { score: 0.5 }) : undefined,
);

async function traceOf(level: TraceLevel, options: Partial<RunOptions> = {}, count = 3) {
  const sink = new MemorySink();
  const observability = new ObservabilityHub({ level, sinks: [sink] });
  const subject = options.graph === undefined ? { modules: [second] } : {};
  const all = { ...subject, ...options, observability } as RunOptions;
  await run(syntheticFrames({ count }), all).catch(() => undefined);
  return sink.records;
}

const typesOf = (records: readonly TraceRecord[]) => records.map(({ type }) => type);

describe('a traced run', () => {
  it('writes runs and triggers at MINIMAL', async () => {
    const records = await traceOf(TraceLevel.MINIMAL);
    expect(records).toMatchObject([
      { type: 'session-start', backend: 'simple', modules: ['test.index', 'fusion.test.index'] },
      { type: 'trigger', module: 'fusion.test.index', label: 'second', score: 0.5, frameId: 1 },
      { type: 'session-end', status: 'complete', frameCount: 3, triggerCount: 1 },
    ]);
    expect(new Set(records.map(({ runId }) => runId)).size).toBe(1);
  });

  it('adds frames at NORMAL and calls of modules at VERBOSE', async () => {
    expect(typesOf(await traceOf(TraceLevel.NORMAL))).toEqual([
      ...['session-start', 'frame', 'trigger', 'frame', 'frame', 'session-end'],
    ]);
    const calls = (await traceOf(TraceLevel.VERBOSE)).filter(({ type }) => type === 'module');
    expect(calls).toHaveLength(6);
    expect(calls[0]).toMatchObject({ module: 'test.index', frameId: 0, signals: { value: 0 } });
  });

  it('writes calls in batches too', async () => {
    const batching = defineModule({
      name: 'batching',
      capabilities: { flags: ['BATCHING'] },
      process: () => undefined,
      processBatch: (frames) => frames.map(({ frameId }) => ({ signals: { frameId } })),
    });
    const backend = new SimpleBackend({ batchSize: 2 });
    const records = await traceOf(TraceLevel.VERBOSE, { modules: [batching], backend });
    const signals = records.map((record) => record.type === 'module' && record.signals);
    expect(signals.filter(Boolean)).toEqual([{ frameId: 0 }, { frameId: 1 }, { frameId: 2 }]);
  });

  it('writes nothing when off', async () => {
    expect(await traceOf(TraceLevel.OFF)).toEqual([]);
  });

  it('writes errors of modules, whatever becomes of them, and how the run ended', async () => {
    const failing = (errorPolicy?: { fallback: 'skip' }) =>
      defineModule({
        name: 'failing',
        ...(errorPolicy && { errorPolicy }),
        process: () => {
          throw new Error('broken');
        },
      });
    const skipped = await traceOf(TraceLevel.MINIMAL, { modules: [failing({ fallback: 'skip' })] });
    expect(typesOf(skipped)).toEqual([
      ...['session-start', 'error', 'error', 'error', 'session-end'],
    ]);
    const raised = await traceOf(TraceLevel.MINIMAL, { modules: [failing()] });
    expect(raised).toMatchObject([
      { type: 'session-start' },
      { type: 'error', node: 'modules', message: 'broken' },
      { type: 'session-end', status: 'failed', frameCount: 0 },
    ]);
  });

  it('says when it was stopped or aborted', async () => {
    const stopped = await traceOf(TraceLevel.MINIMAL, { onFrame: () => false });
    expect(stopped.at(-1)).toMatchObject({ status: 'stopped', frameCount: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = await traceOf(TraceLevel.MINIMAL, {
      signal,
      onFrame: () => controller.abort(),
    });
    expect(aborted.at(-1)).toMatchObject({ status: 'aborted', frameCount: 1 });
  });

  it('writes what nodes drop and how late they let go', async () => {
    const graph = new FlowGraphBuilder()
      .source()
      .fanOut('split', { paths: ['x', 'y'] })
      .on('y', (arm) => arm.sample('thin', { every: 2 }))
      .join('both', { paths: ['x', 'y'] })
      .window('window', { windowNs: 2e8 })
      .build();
    const records = await traceOf(TraceLevel.NORMAL, { graph }, 5);
    expect(records.filter(({ type }) => type === 'drop')).toMatchObject([
      { node: 'both', reason: 'unmatched', count: 1 },
      { node: 'both', reason: 'unmatched', count: 1 },
    ]);
    expect(records.filter(({ type }) => type === 'sync-delay')).toMatchObject([
      { node: 'window', frameId: 0, delayNs: 2e8 },
      { node: 'window', frameId: 2, delayNs: 2e8 },
    ]);
  });
});

describe('the hub of the process', () => {
  afterEach(() => ObservabilityHub.getInstance().configure({ level: TraceLevel.OFF, sinks: [] }));

  it('traces runs that are given none', async () => {
    const sink = new MemorySink();
    ObservabilityHub.getInstance().configure({ level: TraceLevel.MINIMAL, sinks: [sink] });
    await run(syntheticFrames({ count: 1 }), { modules: [index] });
    expect(typesOf(sink.records)).toEqual(['session-start', 'session-end']);
  });
});
