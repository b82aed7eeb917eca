import { describe, expect, it } from 'vitest';
import {
  defineModule,
  DummyAnalyzer,
  FlowGraph,
  FlowGraphBuilder,
  type AnyModule,
  type FlowEdge,
  type ModuleCapabilities,
  type NodeSpec,
  type PortSchema,
} from '../../src/index.ts';

const dummy = (name: string, depends: readonly string[] = []): AnyModule =>
  new DummyAnalyzer({ name, depends });

const modules = (...all: AnyModule[]): NodeSpec => ({ kind: 'module', modules: all });

const fusing = (source: string): NodeSpec => ({
  kind: 'cascadeFusion',
  fuse: () => undefined,
  source,
});

const making = (source: string): NodeSpec => ({
  kind: 'custom',
  create: () => ({ process: (data) => data }),
  sources: [source],
});

/** A graph of named specs; `in` is a source. */
const graphOf = (specs: Readonly<Record<string, NodeSpec>>, edges: readonly FlowEdge[]) =>
  new FlowGraph({
    nodes: [
      { name: 'in', spec: { kind: 'source' } },
      ...Object.entries(specs).map(([name, spec]) => ({ name, spec })),
    ],
    edges,
  });

const errorsOf = (graph: FlowGraph) =>
  graph
    .validate()
    .filter(({ severity }) => severity === 'error')
    .map(({ node, message }) => `${node}: ${message}`);

const warningsOf = (graph: FlowGraph) =>
  graph
    .validate()
    .filter(({ severity }) => severity === 'warning')
    .map(({ node, message }) => `${node}: ${message}`);

/** A graph of one node after the source. */
const single = (spec: NodeSpec) => graphOf({ node: spec }, [{ from: 'in', to: 'node' }]);

describe('parameters of nodes', () => {
  const isBright = { signal: 'brightness', op: 'gt', value: 0.5 } as const;
  it.each<[string, NodeSpec, RegExp]>([
    ['every', { kind: 'sample', every: 0 }, /`every`.*whole number from 1, got 0/],
    ['every', { kind: 'sample', every: 1.5 }, /`every`.*got 1.5/],
    ['minCount', { kind: 'observationFilter', minCount: -1 }, /`minCount`/],
    ['minIntervalMs', { kind: 'rateLimit', minIntervalMs: NaN }, /milliseconds from 0, got NaN/],
    ['intervalNs', { kind: 'timestampSample', intervalNs: -1 }, /nanoseconds from 0, got -1/],
    ['windowNs', { kind: 'window', windowNs: 0 }, /`windowNs`.*above 0, got 0/],
    ['late', { kind: 'window', windowNs: 1, late: 'keep' as never }, /one of drop, sideOutput/],
    ['batchSize', { kind: 'collector', batchSize: 0 }, /`batchSize`/],
    ['paths', { kind: 'join', paths: ['x'] }, /at least 2 different paths/],
    ['paths', { kind: 'fanOut', paths: ['x', 'x'] }, /`paths`/],
    ['mode', { kind: 'join', paths: ['x', 'y'], mode: 'some' as never }, /one of all, any/],
    ['op', { kind: 'signalFilter', ...isBright, op: '>' as never }, /one of eq, ne, gt/],
    ['op', { kind: 'signalFilter', ...isBright, op: 'toString' as never }, /one of eq, ne, gt/],
    ['op', { kind: 'signalFilter', ...isBright, value: true }, /booleans have no order/],
    ['condition', { kind: 'filter', condition: 5 as never }, /a function or \{ signal/],
    ['condition.op', { kind: 'filter', condition: { ...isBright, op: '~' as never } }, /cond.*op/],
    ['branches', { kind: 'multiBranch', branches: [] }, /at least one/],
    ['fuse', { kind: 'cascadeFusion', fuse: 'x' as never }, /`fuse`.*a function/],
    ['create', { kind: 'custom', create: undefined as never }, /`create`.*got nothing/],
    ['every', { kind: 'sample', every: 5n as never }, /`every`.*got 5n/],
    ['path', { kind: 'source', path: 5 as never }, /`path`.*the name of a path, got 5/],
    ['path', { kind: 'join', paths: ['x', 'y'], path: '' }, /`path`.*the name of a path, got ""/],
    ['modules', { kind: 'module', modules: undefined as never }, /`modules`.*got nothing/],
    ['modules', { kind: 'module', modules: [undefined as never] }, /`modules`.*got \[null\]/],
    [
      'modules',
      modules({ ...dummy('m'), depends: [undefined] } as never),
      /`modules`.*a list of m/,
    ],
    ['branches', { kind: 'multiBranch', branches: [null as never] }, /`branches\[0\]`.*got null/],
    [
      'value',
      { kind: 'signalFilter', signal: 'x', op: 'eq', value: 5n as never },
      /`value`.*a number, boolean or string, got 5n/,
    ],
    [
      'defaultPath',
      { kind: 'multiBranch', branches: [{ condition: () => true, path: 'x' }], defaultPath: '' },
      /`defaultPath`.*got ""/,
    ],
    ['sources', { kind: 'custom', create: () => ({}) as never, sources: ['a', 'a'] }, /`sources`/],
    ['kind', { kind: 'merge' } as never, /one of the seventeen kinds, got "merge"/],
  ])('refuses a wrong %s, with its value (%#)', (_option, spec, message) => {
    const errors = errorsOf(single(spec));
    expect(errors).toContainEqual(expect.stringMatching(message));
    expect(errors).toContainEqual(expect.stringContaining('node'));
  });

  it('takes conditions as functions and as data', () => {
    expect(single({ kind: 'filter', condition: () => true }).validate()).toEqual([]);
    expect(single({ kind: 'filter', condition: isBright }).validate()).toEqual([]);
  });
});

describe('what is no part of a graph', () => {
  it('is reported, not thrown', () => {
    const nodes = [{ name: 'in', spec: { kind: 'source' } as const }, undefined, { name: 'x' }];
    const edges = [null, { from: 'in', to: 5 }];
    const graph = new FlowGraph({ nodes: nodes as never, edges: edges as never });
    expect(errorsOf(graph)).toEqual([
      'graph: a node must be { name, spec }, got nothing',
      'graph: a node must be { name, spec }, got {"name":"x"}',
      'graph: an edge must be { from, to, path }, got null',
      'graph: an edge must be { from, to, path }, got {"from":"in","to":5}',
    ]);
  });

  it.each([5n, Symbol('x'), Object.create(null)])('a limit of a module is none (%#)', (value) => {
    const errorPolicy = { timeoutMs: value as never, fallback: 'skip' as const };
    const module = defineModule({ name: 'm', errorPolicy, process: () => undefined });
    expect(errorsOf(FlowGraph.fromModules([module]))).toEqual([
      expect.stringContaining('`timeoutMs` of module "m" must be'),
    ]);
  });
});

describe('edges and circles', () => {
  it('names neither what lies behind a circle nor what lies between two', () => {
    const spec: NodeSpec = { kind: 'sample', every: 1 };
    const edge = (from: string, to: string): FlowEdge => ({ from, to });
    const graph = graphOf({ a: spec, between: spec, b: spec, c: spec }, [
      ...[edge('in', 'a'), edge('a', 'a'), edge('a', 'between')],
      ...[edge('between', 'b'), edge('b', 'c'), edge('c', 'b')],
    ]);
    expect(errorsOf(graph)).toEqual([
      'a: node "a" leads back to itself',
      'b: node "b" leads back to itself',
      'c: node "c" leads back to itself',
    ]);
  });

  it('looks at each node a few times only, however many lie behind a circle', () => {
    let looks = 0;
    const names = Array.from({ length: 1000 }, (_, i) => `n${i}`);
    const nodes = ['in', ...names].map((name, i) => ({
      get name() {
        looks += 1;
        return name;
      },
      spec: i === 0 ? ({ kind: 'source' } as const) : ({ kind: 'sample', every: 1 } as const),
    }));
    const edges = names.map((name, i) => ({ from: i === 0 ? 'in' : names[i - 1]!, to: name }));
    const graph = new FlowGraph({ nodes, edges: [...edges, { from: 'n1', to: 'n0' }] });
    expect(errorsOf(graph)).toEqual([
      'n0: node "n0" leads back to itself',
      'n1: node "n1" leads back to itself',
    ]);
    expect(looks).toBeLessThan(100 * names.length);
  });

  it('refuses an edge for one path beside an edge for all', () => {
    const graph = graphOf({ a: { kind: 'sample', every: 1 } }, [
      { from: 'in', to: 'a' },
      { from: 'in', to: 'a', path: 'main' },
    ]);
    expect(errorsOf(graph)).toEqual([
      'a: the edge in -> a takes items on path "main" already, for which there is an edge of its own: they would come twice',
    ]);
  });

  it('finds just the nodes on a circle, not those behind it', () => {
    const spec: NodeSpec = { kind: 'sample', every: 1 };
    const graph = graphOf({ a: spec, b: spec, behind: spec }, [
      { from: 'in', to: 'a' },
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
      { from: 'b', to: 'behind' },
    ]);
    expect(errorsOf(graph)).toEqual([
      'a: node "a" leads back to itself',
      'b: node "b" leads back to itself',
    ]);
  });

  it('refuses an edge into a source and an edge that is there twice', () => {
    const graph = graphOf({ a: { kind: 'sample', every: 1 } }, [
      { from: 'in', to: 'a' },
      { from: 'in', to: 'a' },
      { from: 'a', to: 'in' },
    ]);
    expect(errorsOf(graph)).toEqual(
      expect.arrayContaining([
        'graph: the edge in -> a is there twice',
        'in: the edge a -> in leads into the source "in"',
      ]),
    );
  });
});

describe('paths', () => {
  it('refuses an edge for a path that its start never gives', () => {
    const graph = graphOf({ split: { kind: 'fanOut', paths: ['x', 'y'] }, a: modules() }, [
      { from: 'in', to: 'split' },
      { from: 'split', to: 'a', path: 'q' },
    ]);
    expect(errorsOf(graph)).toEqual([
      'a: the edge split -> a is for path "q", but "split" gives "x", "y"',
    ]);
  });

  it('warns of a path that no edge takes on', () => {
    const graph = graphOf({ split: { kind: 'fanOut', paths: ['x', 'y'] }, a: modules() }, [
      { from: 'in', to: 'split' },
      { from: 'split', to: 'a', path: 'x' },
    ]);
    expect(warningsOf(graph)).toEqual([
      'split: no edge is for the items that leave node "split" on path "y"',
    ]);
  });

  it('refuses a join that waits for what nothing produces, and warns of what it does not take', () => {
    const graph = graphOf(
      {
        split: { kind: 'fanOut', paths: ['x', 'y'] },
        join: { kind: 'join', paths: ['x', 'z'] },
      },
      [
        { from: 'in', to: 'split' },
        { from: 'split', to: 'join' },
      ],
    );
    expect(errorsOf(graph)).toEqual([
      'join: join "join" waits for path "z", which nothing that leads to it produces ("x", "y" arrives)',
    ]);
    expect(warningsOf(graph)).toEqual([
      'join: items on path "y" arrive at join "join", which is not for them',
    ]);
  });
});

describe('options without effect', () => {
  it('of a join in mode any are warned of', () => {
    const graph = graphOf(
      {
        split: { kind: 'fanOut', paths: ['x', 'y'] },
        join: { kind: 'join', paths: ['x', 'y'], mode: 'any', unmatched: 'emit' },
      },
      [
        { from: 'in', to: 'split' },
        { from: 'split', to: 'join' },
      ],
    );
    expect(warningsOf(graph)).toEqual([
      'join: `unmatched` of join "join" has no effect in mode any, in which nothing waits',
    ]);
  });
});

describe('dependencies', () => {
  const arms = () =>
    new FlowGraphBuilder()
      .source()
      .fanOut('split', { paths: ['x', 'y'] })
      .on('x', (arm) => arm.module('a', { modules: [dummy('a')] }));

  it('must be met on every route, not on some', () => {
    const build = () =>
      arms()
        .module('b', { modules: [dummy('b', ['a'])] })
        .build();
    expect(build).toThrow(/"b" depends on "a", which does not run before it on path "y"/);
  });

  it('are met behind a join that is always complete, and not behind one that is not', () => {
    const joined = (unmatched: 'drop' | 'emit') => () =>
      arms()
        .join('join', { paths: ['x', 'y'], unmatched })
        .module('b', { modules: [dummy('b', ['a'])] })
        .build();
    expect(joined('drop')).not.toThrow();
    expect(joined('emit')).toThrow(/"b" depends on "a", which does not run before it/);
  });

  it('are not met by an arm beside', () => {
    const build = () =>
      arms()
        .on('y', (arm) => arm.module('b', { modules: [dummy('b', ['a'])] }))
        .build();
    expect(build).toThrow(/"b" depends on "a"/);
  });

  it('may be met by a cascade fusion', () => {
    const graph = new FlowGraphBuilder()
      .source()
      .cascadeFusion('fused', { fuse: () => ({}) })
      .module('b', { modules: [dummy('b', ['fused'])] })
      .build();
    expect(graph.validate()).toEqual([]);
  });

  it('may be met by a custom node that declares what it makes', () => {
    const withCustom = (sources?: readonly string[]) =>
      new FlowGraphBuilder()
        .source()
        .custom('tracks', {
          create: () => ({ process: (data) => data }),
          ...(sources && { sources }),
        })
        .module('b', { modules: [dummy('b', ['track'])] });
    expect(withCustom(['track']).build().validate()).toEqual([]);
    expect(() => withCustom().build()).toThrow(/"b" depends on "track"/);
  });

  it.each<[string, NodeSpec, NodeSpec]>([
    ['two fusions', fusing('x'), fusing('x')],
    ['a fusion and a module', fusing('x'), modules(dummy('x'))],
    ['a fusion and a custom node', fusing('x'), making('x')],
  ])('refuses %s that make observations under one name', (_, first, second) => {
    const graph = graphOf({ first, second }, [
      { from: 'in', to: 'first' },
      { from: 'first', to: 'second' },
    ]);
    expect(errorsOf(graph)).toEqual([
      'first: the nodes "first" and "second" make observations under one name, "x"',
    ]);
  });

  it('refuses a name of observations that would change what an object is', () => {
    expect(errorsOf(single(fusing('__proto__')))).toEqual([
      'node: what a node makes cannot be named "__proto__"',
    ]);
  });

  it.each([fusing('x'), making('x')])(
    'refuses a node that makes observations of the frames of two sources mixed (%#)',
    (spec) => {
      const graph = new FlowGraph({
        nodes: [
          { name: 'left', spec: { kind: 'source', path: 'l' } },
          { name: 'right', spec: { kind: 'source', path: 'r' } },
          { name: 'node', spec },
        ],
        edges: [
          { from: 'left', to: 'node' },
          { from: 'right', to: 'node' },
        ],
      });
      expect(errorsOf(graph)).toEqual([
        'node: node "node" would see the frames of "left" and "right" mixed',
      ]);
    },
  );

  it('refuses modules that would see the frames of two sources mixed, unless joined', () => {
    const both = () =>
      new FlowGraphBuilder().source('left', { path: 'l' }).source('right', { path: 'r' });
    expect(() =>
      both()
        .module('m', { modules: [dummy('m')] })
        .build(),
    ).toThrow(/would see the frames of "left" and "right" mixed/);
    expect(() =>
      both()
        .join('join', { paths: ['l', 'r'] })
        .module('m', { modules: [dummy('m')] })
        .build(),
    ).not.toThrow();
  });
});

describe('ports and capabilities', () => {
  const withPorts = (name: string, portSchema: PortSchema, depends: readonly string[] = []) =>
    defineModule({ name, portSchema, depends, process: () => undefined });
  const able = (name: string, capabilities: ModuleCapabilities, stateful = false) =>
    defineModule({ name, capabilities, stateful, process: () => undefined });

  it('warns of signals that are read and not given, or given as another type', () => {
    const giver = withPorts('a', { inputs: {}, outputs: { count: 'number' } });
    const reader = withPorts('b', { inputs: { count: 'string', size: 'number' }, outputs: {} }, [
      'a',
    ]);
    expect(warningsOf(FlowGraph.fromModules([giver, reader]))).toEqual([
      'modules: module "b" reads the signal "count" (string), which is declared as number',
      'modules: module "b" reads the signal "size" (number), which "a" does not declare as an output',
    ]);
  });

  it('says nothing of signals of modules without a schema', () => {
    const reader = withPorts('b', { inputs: { size: 'number' }, outputs: {} }, ['a']);
    expect(FlowGraph.fromModules([dummy('a'), reader]).validate()).toEqual([]);
  });

  it('warns of capabilities that contradict each other', () => {
    const all = [
      able('a', { flags: [], maxBatchSize: 4 }),
      able('b', { flags: ['BATCHING'] }),
      able('c', { flags: ['THREAD_SAFE'] }, true),
    ];
    expect(warningsOf(FlowGraph.fromModules(all))).toEqual([
      expect.stringContaining('"a" has a maxBatchSize but does not declare BATCHING'),
      expect.stringContaining('"b" declares BATCHING but has no processBatch of its own'),
      expect.stringContaining('"c" is stateful and THREAD_SAFE'),
    ]);
  });

  it('warns of two users of one resource', () => {
    const all = [
      able('a', { flags: [], resourceGroup: 'gpu-0' }),
      able('b', { flags: [], resourceGroups: ['cuda-12', 'gpu-0'] }),
    ];
    expect(warningsOf(FlowGraph.fromModules(all))).toEqual([
      'graph: the modules "a", "b" need the resource "gpu-0" in one process, which takes only one user',
    ]);
  });

  it('does not keep a graph with warnings from running', () => {
    const graph = FlowGraph.fromModules([able('b', { flags: ['BATCHING'] })]);
    expect(() => graph.assertValid()).not.toThrow();
  });
});
