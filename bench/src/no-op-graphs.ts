import {
  defineModule,
  FlowGraph,
  FlowGraphBuilder,
  Frame,
  type AnyModule,
  type SimpleBackendOptions,
} from 'visualpath';

/** A graph of modules that do nothing: what it costs is what the platform costs. */
export interface NoOpCase {
  readonly name: string;
  readonly graph: FlowGraph;
  readonly options: SimpleBackendOptions;
  /** Most microseconds per frame that it may cost over the bare loop. */
  readonly maxOverUs?: number;
}

const RESULT = { signals: { value: 1 } };
const MS = 1_000_000;

/** How modules of a case answer, and how they hang together. */
interface Shape {
  readonly kind: 'chain' | 'fan';
  readonly isAsync?: boolean;
  readonly isBatching?: boolean;
}

function noOps(count: number, shape: Shape, prefix = 'm'): AnyModule[] {
  return Array.from({ length: count }, (_, i) =>
    defineModule({
      name: `${prefix}${i}`,
      depends: shape.kind === 'chain' && i > 0 ? [`${prefix}${i - 1}`] : [],
      process: shape.isAsync === true ? async () => Promise.resolve(RESULT) : () => RESULT,
      ...(shape.isBatching === true && {
        capabilities: { flags: ['BATCHING'] as const },
        processBatch: (frames) => frames.map(() => RESULT),
      }),
    }),
  );
}

const modulesOnly = (count: number, shape: Shape): FlowGraph =>
  FlowGraph.fromModules(noOps(count, shape));

/** Frames 10 ms apart that cost next to nothing. */
export function* tinyFrames(count: number): Generator<Frame> {
  const data = new Uint8Array(3);
  for (let frameId = 0; frameId < count; frameId++) {
    yield Frame.fromRgb({ frameId, tSrcNs: frameId * 10 * MS, width: 1, height: 1, data });
  }
}

/** Two arms with a module each, joined frame by frame. */
function armsAndJoin(kind: 'fanOut' | 'branch'): FlowGraph {
  const [a, b] = [noOps(1, { kind: 'fan' }, 'a'), noOps(1, { kind: 'fan' }, 'b')];
  const start = new FlowGraphBuilder().source();
  const split =
    kind === 'fanOut'
      ? start.fanOut('split', { paths: ['a', 'b'] })
      : start.branch('split', {
          condition: ({ frame }) => frame.frameId % 2 === 0,
          ifTrue: 'a',
          ifFalse: 'b',
        });
  return split
    .on('a', (arm) => arm.module('left', { modules: a }))
    .on('b', (arm) => arm.module('right', { modules: b }))
    .join('join', { paths: ['a', 'b'], mode: kind === 'fanOut' ? 'all' : 'any' })
    .build();
}

function windowGraph(): FlowGraph {
  return new FlowGraphBuilder()
    .source()
    .module('modules', { modules: noOps(1, { kind: 'fan' }) })
    .window('window', { windowNs: 100 * MS })
    .build();
}

/** Every case, those of modules sequential and parallel. */
export function noOpCases(): readonly NoOpCase[] {
  const cases: NoOpCase[] = [];
  for (const kind of ['chain', 'fan'] as const) {
    for (const count of [1, 5, 20]) {
      const graph = modulesOnly(count, { kind });
      const target = kind === 'chain' ? { maxOverUs: count } : {};
      const name = `${kind}-${count}`;
      cases.push({ name: `${name}-sequential`, graph, options: { parallel: false }, ...target });
      cases.push({ name: `${name}-parallel`, graph, options: { parallel: true }, ...target });
    }
    const graph = modulesOnly(5, { kind, isAsync: true });
    cases.push({ name: `${kind}-5-async-sequential`, graph, options: { parallel: false } });
    cases.push({ name: `${kind}-5-async-parallel`, graph, options: { parallel: true } });
  }
  const batching = modulesOnly(5, { kind: 'chain', isBatching: true });
  cases.push({ name: 'chain-5-batch-8', graph: batching, options: { batchSize: 8 } });
  cases.push({ name: 'fan-out-join', graph: armsAndJoin('fanOut'), options: {}, maxOverUs: 6 });
  cases.push({ name: 'branch-join', graph: armsAndJoin('branch'), options: {} });
  cases.push({ name: 'window', graph: windowGraph(), options: {} });
  return cases;
}
