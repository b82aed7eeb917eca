import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { analyzer, FlowGraph, SimpleBackend } from 'visualpath';
import { FileSink, ObservabilityHub, TraceLevel } from 'visualpath/observability';
import type { Bench } from './bench-row.ts';
import { tinyFrames } from './no-op-graphs.ts';

const ROUNDS = 9;
/** Most that a level may add to a module of a millisecond, in percent. */
const MAX_COST = { OFF: 1, MINIMAL: 1, NORMAL: 5, VERBOSE: 15 } as const;

/** Works for a millisecond, as a quick model does. */
const busy = analyzer('bench.busy', () => {
  const untilMs = performance.now() + 1;
  while (performance.now() < untilMs);
  return { value: 1 };
});

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function runOnce(hub: ObservabilityHub | undefined, frameCount: number): Promise<number> {
  const graph = FlowGraph.fromModules([busy]);
  const observability = hub ?? new ObservabilityHub();
  const { stats } = await new SimpleBackend().execute(tinyFrames(frameCount), graph, {
    observability,
  });
  await hub?.flush();
  return (stats.wallMs * 1000) / frameCount;
}

/** What tracing to a file adds to a module of a millisecond, by level, beside a run without a hub. */
const tracing: Bench = async (report, { quick }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'visualpath-bench-'));
  const frameCount = quick ? 20 : 200;
  try {
    const levels = Object.keys(MAX_COST) as (keyof typeof MAX_COST)[];
    const untraced: number[] = [];
    const values = new Map(levels.map((level) => [level, [] as number[]]));
    for (let round = 0; round < ROUNDS; round++) {
      untraced.push(await runOnce(undefined, frameCount));
      for (const level of levels) {
        const sink = new FileSink(path.join(folder, `${level}.jsonl`));
        const hub = new ObservabilityHub({ level: TraceLevel[level], sinks: [sink] });
        values.get(level)!.push(await runOnce(hub, frameCount));
        await hub.close();
      }
    }
    const baseline = median(untraced);
    for (const level of levels) {
      const value = median(values.get(level)!);
      const costPercent = (value / baseline - 1) * 100;
      report({
        ...{ bench: 'tracing', case: level, value, unit: 'us/frame', baseline },
        ratio: value / baseline,
        target: `<= ${MAX_COST[level]} % over`,
        ok: costPercent <= MAX_COST[level],
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export default tracing;
