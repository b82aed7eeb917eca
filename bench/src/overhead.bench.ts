import { SimpleBackend, type AnyModule, type MaybePromise } from 'visualpath';
import type { Bench, BenchRow } from './bench-row.ts';
import { noOpCases, tinyFrames, type NoOpCase } from './no-op-graphs.ts';

const ROUNDS = 7;
const MAX_PARALLEL_RATIO = 1.2;
/** Growth of memory from a tenth of the way to the end that is noise and not a leak. */
const FLAT_MB = 16;

const isPromise = (value: MaybePromise<unknown>): value is Promise<unknown> =>
  value instanceof Promise;

/** Microseconds per frame of the same calls in a plain loop: what no platform can be faster than. */
async function bareLoop(modules: readonly AnyModule[], frameCount: number): Promise<number> {
  const ctx = { signal: new AbortController().signal };
  const startedMs = performance.now();
  for (const frame of tinyFrames(frameCount)) {
    for (const module of modules) {
      const answer = module.process(frame, {} as never, ctx);
      if (isPromise(answer)) await answer;
    }
  }
  return ((performance.now() - startedMs) * 1000) / frameCount;
}

async function throughBackend({ graph, options }: NoOpCase, frameCount: number): Promise<number> {
  const { stats } = await new SimpleBackend(options).execute(tinyFrames(frameCount), graph);
  return (stats.wallMs * 1000) / frameCount;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Measures every case and its bare loop in turn, so that what slows the machine slows both. */
async function measure(
  cases: readonly NoOpCase[],
  frameCount: number,
): Promise<ReadonlyMap<string, { readonly value: number; readonly baseline: number }>> {
  const rounds = new Map(cases.map(({ name }) => [name, { values: [0], baselines: [0] }]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const one of cases) {
      const value = await throughBackend(one, frameCount);
      const baseline = await bareLoop(one.graph.modules, frameCount);
      if (round < 0) continue;
      const { values, baselines } = rounds.get(one.name)!;
      values[round] = value;
      baselines[round] = baseline;
    }
  }
  return new Map(
    [...rounds].map(([name, { values, baselines }]) => [
      name,
      { value: median(values), baseline: median(baselines) },
    ]),
  );
}

const row = (name: string, rest: Omit<BenchRow, 'bench' | 'case'>): BenchRow => ({
  bench: 'overhead',
  case: name,
  ...rest,
});

/** A long run through five modules: memory after a tenth of it and at the end. */
async function memory(report: (row: BenchRow) => void, frameCount: number): Promise<void> {
  const { graph, options } = noOpCases().find(({ name }) => name === 'chain-5-parallel')!;
  let earlyMb = 0;
  const { frameCount: delivered } = await new SimpleBackend(options).execute(
    tinyFrames(frameCount),
    graph,
    {
      onFrame: ({ frameId }) => {
        if (frameId === Math.floor(frameCount / 10)) earlyMb = process.memoryUsage.rss() / 1e6;
      },
    },
  );
  const grownMb = process.memoryUsage.rss() / 1e6 - earlyMb;
  report(
    row(`rss-growth-over-${delivered}-frames`, {
      value: grownMb,
      unit: 'MB',
      target: `<= ${FLAT_MB}`,
      ok: grownMb <= FLAT_MB,
    }),
  );
}

/** What the platform costs: no-op modules in graphs of every shape, beside the bare loop. */
const overhead: Bench = async (report, { quick }) => {
  const cases = noOpCases();
  const measured = await measure(cases, quick ? 1_000 : 20_000);
  for (const { name, graph, maxOverUs } of cases) {
    const { value, baseline } = measured.get(name)!;
    report(row(name, { value, unit: 'us/frame', baseline, ratio: value / baseline }));
    const overUs = value - baseline;
    const perModuleUs = overUs / graph.modules.length;
    const isPerModule = maxOverUs === graph.modules.length;
    report(
      row(`${name}-over-bare-loop`, {
        value: isPerModule ? perModuleUs : overUs,
        unit: isPerModule ? 'us/module/frame' : 'us/frame',
        ...(maxOverUs !== undefined && {
          target: `<= ${isPerModule ? 1 : maxOverUs}`,
          ok: overUs <= maxOverUs,
        }),
      }),
    );
  }
  for (const { name } of cases.filter((one) => one.name.endsWith('-parallel'))) {
    const sequential = measured.get(name.replace('-parallel', '-sequential'))!;
    const ratio = measured.get(name)!.value / sequential.value;
    report(
      row(`${name}-to-sequential`, {
        value: ratio,
        unit: 'times',
        target: `<= ${MAX_PARALLEL_RATIO}`,
        ok: ratio <= MAX_PARALLEL_RATIO,
      }),
    );
  }
  await memory(report, quick ? 20_000 : 1_000_000);
};

export default overhead;
