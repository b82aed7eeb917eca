import { defineModule, FlowGraph, Frame, SimpleBackend, type AnyModule } from 'visualpath';
import type { Bench } from './bench-row.ts';

const MODULE_COUNTS = [1, 5, 20];
const TARGET_US = 2;

function* frames(count: number): Generator<Frame> {
  const data = new Uint8Array(3);
  for (let frameId = 0; frameId < count; frameId++) {
    yield Frame.fromRgb({ frameId, tSrcNs: frameId * 1000, width: 1, height: 1, data });
  }
}

const RESULT = { signals: { value: 1 } };

function noOps(count: number, shape: 'chain' | 'fan'): AnyModule[] {
  return Array.from({ length: count }, (_, i) =>
    defineModule({
      name: `m${i}`,
      depends: shape === 'chain' && i > 0 ? [`m${i - 1}`] : [],
      process: () => RESULT,
    }),
  );
}

/** Microseconds per frame of the same calls in a plain loop: what no platform can be faster than. */
function bareLoop(modules: readonly AnyModule[], frameCount: number): number {
  const ctx = { signal: new AbortController().signal };
  const startedMs = performance.now();
  for (const frame of frames(frameCount)) {
    for (const module of modules) void module.process(frame, {} as never, ctx);
  }
  return ((performance.now() - startedMs) * 1000) / frameCount;
}

async function throughBackend(modules: readonly AnyModule[], frameCount: number): Promise<number> {
  const graph = FlowGraph.fromModules(modules);
  const { stats } = await new SimpleBackend().execute(frames(frameCount), graph);
  return (stats.wallMs * 1000) / frameCount;
}

/** What the platform costs: no-op modules in a chain and side by side, beside the bare loop. */
const overhead: Bench = async (report, { quick }) => {
  const frameCount = quick ? 2_000 : 50_000;
  for (const shape of ['chain', 'fan'] as const) {
    for (const count of MODULE_COUNTS) {
      const modules = noOps(count, shape);
      await throughBackend(modules, frameCount / 10);
      bareLoop(modules, frameCount / 10);
      const rounds = [];
      for (let i = 0; i < 5; i++) {
        rounds.push([await throughBackend(modules, frameCount), bareLoop(modules, frameCount)]);
      }
      const [value, baseline] = rounds.sort((a, b) => a[0]! - b[0]!)[2]!;
      report({
        bench: 'overhead',
        case: `${shape}-${count}`,
        value: value!,
        unit: 'us/frame',
        baseline: baseline!,
        ratio: value! / baseline!,
      });
      const perModule = value! / count;
      report({
        bench: 'overhead',
        case: `${shape}-${count}-per-module`,
        value: perModule,
        unit: 'us/module/frame',
        target: `<= ${TARGET_US}`,
        ok: perModule <= TARGET_US,
      });
    }
  }
};

export default overhead;
