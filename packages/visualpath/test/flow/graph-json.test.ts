import { describe, expect, it } from 'vitest';
import {
  defineModule,
  FlowGraph,
  isVisualError,
  type AnyModule,
  type FlowNode,
  type NodeSpec,
} from '../../src/index.ts';
import { graphFromJson, graphToJson } from '../../src/flow/graph-json.ts';

const module = (name: string): AnyModule => defineModule({ name, process: () => undefined });

const graphOf = (...nodes: readonly FlowNode[]) => new FlowGraph({ nodes, edges: [] });

const specGraph = (...specs: readonly NodeSpec[]) =>
  graphOf(...specs.map((spec, i) => ({ name: `n${i}`, spec })));

function errorOf(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (isVisualError(error)) return error;
    throw error;
  }
  throw new Error('It did not throw.');
}

const read = (json: unknown) => graphFromJson(json, { module });

/** What is wrong with a graph whose node 0 has these fields. */
const nodeProblem = (fields: object) => {
  const json: unknown = { version: 1, nodes: [{ name: 'a', ...fields }], edges: [] };
  return errorOf(() => read(json));
};

describe('graphToJson', () => {
  it('writes modules by name, conditions as data, and only the fields that are there', () => {
    const graph = new FlowGraph({
      nodes: [
        { name: 'in', spec: { kind: 'source' } },
        {
          name: 'faces',
          spec: {
            kind: 'module',
            modules: [module('face.detect')],
            isolation: { defaultLevel: 'inline', overrides: { 'face.detect': 'process' } },
          },
        },
        { name: 'gate', spec: { kind: 'filter', condition: { signal: 's', op: 'ge', value: 1 } } },
      ],
      edges: [
        { from: 'in', to: 'faces' },
        { from: 'faces', to: 'gate', path: 'main' },
      ],
      onTrigger: () => undefined,
    });
    expect(graphToJson(graph)).toStrictEqual({
      version: 1,
      nodes: [
        { name: 'in', kind: 'source' },
        {
          name: 'faces',
          kind: 'module',
          modules: ['face.detect'],
          isolation: { defaultLevel: 'inline', overrides: { 'face.detect': 'process' } },
        },
        { name: 'gate', kind: 'filter', condition: { signal: 's', op: 'ge', value: 1 } },
      ],
      edges: [
        { from: 'in', to: 'faces' },
        { from: 'faces', to: 'gate', path: 'main' },
      ],
    });
  });

  it('copies: the graph and what was written share nothing', () => {
    const paths = ['x', 'y'];
    const json = graphToJson(specGraph({ kind: 'fanOut', paths }));
    paths.push('z');
    expect(json.nodes[0]).toMatchObject({ paths: ['x', 'y'] });
  });

  it('lists every node that holds code, with its kind and the remedy', () => {
    const condition = () => true;
    const declared = { signal: 's', op: 'eq', value: true } as const;
    const error = errorOf(() =>
      graphToJson(
        specGraph(
          { kind: 'source' },
          { kind: 'filter', condition },
          { kind: 'branch', condition, ifTrue: 'x', ifFalse: 'y' },
          {
            kind: 'multiBranch',
            branches: [
              { condition: declared, path: 'x' },
              { condition, path: 'y' },
            ],
          },
          { kind: 'conditionalFanOut', branches: [{ condition, path: 'x' }] },
          { kind: 'cascadeFusion', fuse: () => undefined },
          { kind: 'custom', create: () => ({ process: () => undefined }) },
        ),
      ),
    );
    expect(error.code).toBe('VP_GRAPH_NOT_SERIALIZABLE');
    expect(error.message).toBe(`\
The graph cannot be written as JSON:
- node "n1" (filter): nodes[1].condition is a function; use a signal condition: { signal, op, value }.
- node "n2" (branch): nodes[2].condition is a function; use a signal condition: { signal, op, value }.
- node "n3" (multiBranch): nodes[3].branches[1].condition is a function; use a signal condition: { signal, op, value }.
- node "n4" (conditionalFanOut): nodes[4].branches[0].condition is a function; use a signal condition: { signal, op, value }.
- node "n5" (cascadeFusion): nodes[5].fuse is a function; make it a module, or add this node in code.
- node "n6" (custom): nodes[6].create is a function; keep custom nodes in code: add this one after reading.`);
    expect(error.details['problems']).toHaveLength(6);
  });

  it('refuses numbers that JSON does not have, all at once', () => {
    const error = errorOf(() =>
      graphToJson(
        specGraph(
          { kind: 'window', windowNs: Infinity },
          { kind: 'signalFilter', signal: 's', op: 'lt', value: NaN },
        ),
      ),
    );
    expect(error.code).toBe('VP_GRAPH_NOT_SERIALIZABLE');
    expect(error.message).toContain(
      'node "n0" (window): nodes[0].windowNs must be a finite number, is Infinity',
    );
    expect(error.message).toContain(
      'node "n1" (signalFilter): nodes[1].value must be a finite number, is NaN',
    );
  });

  it('refuses what callers without types put into a graph', () => {
    const odd = [{ kind: 'odd' }, { kind: 'source', colour: 'red' }] as unknown as NodeSpec[];
    const { message } = errorOf(() => graphToJson(specGraph(...odd)));
    expect(message).toContain('node "n0" (odd): nodes[0].kind must be one of "source", "module"');
    expect(message).toContain('node "n1" (source): nodes[1].colour is not known');
  });

  it('refuses more nodes than can be read', () => {
    const nodes = Array.from({ length: 10_001 }, (): NodeSpec => ({ kind: 'source' }));
    expect(errorOf(() => graphToJson(specGraph(...nodes))).message).toContain(
      'nodes has 10001 items, more than 10000; split the graph',
    );
  });
});

describe('graphFromJson', () => {
  it('asks for each module by name, and for its options where there are some', () => {
    const asked: unknown[][] = [];
    const onTrigger = () => undefined;
    const graph = graphFromJson(
      {
        version: 1,
        nodes: [
          {
            name: 'a',
            kind: 'module',
            modules: ['face.detect', { name: 'x.y', options: { deep: [{ n: null }] } }],
          },
        ],
        edges: [],
      },
      {
        module: (...args) => {
          asked.push(args);
          return module(args[0]);
        },
        onTrigger,
      },
    );
    expect(asked).toEqual([['face.detect'], ['x.y', { deep: [{ n: null }] }]]);
    expect(graph.modules.map(({ name }) => name)).toEqual(['face.detect', 'x.y']);
    expect(graph.onTrigger).toBe(onTrigger);
  });

  it('makes a graph that makes no sense, for validate to tell', () => {
    const graph = read({ version: 1, nodes: [], edges: [{ from: 'a', to: 'b' }] });
    expect(graph.validate().length).toBeGreaterThan(0);
  });

  it.each<readonly [string, unknown, string]>([
    ['text', '{"version":1}', 'the graph must be an object, is "{"version":1}"'],
    ['null', null, 'the graph must be an object, is null'],
    ['an array', [], 'the graph must be an object, is an array'],
    ['no version', { nodes: [], edges: [] }, 'version is missing'],
    ['another version', { version: 2, nodes: [], edges: [] }, 'version must be 1, is 2'],
    ['no nodes', { version: 1, edges: [] }, 'nodes is missing'],
    ['no edges', { version: 1, nodes: [] }, 'edges is missing'],
    ['nodes by name', { version: 1, nodes: {}, edges: [] }, 'nodes must be an array, is an object'],
    [
      'a node of null',
      { version: 1, nodes: [null], edges: [] },
      'nodes[0] must be an object, is null',
    ],
    [
      'a hole',
      { version: 1, nodes: new Array(1), edges: [] },
      'nodes[0] must be an object, is undefined',
    ],
    [
      'an extra field',
      { version: 1, nodes: [], edges: [], x: 1 },
      'x is not known: there can be the fields version, nodes, edges',
    ],
    [
      'an edge to a number',
      { version: 1, nodes: [], edges: [{ from: 'a', to: 1 }] },
      'edges[0].to must be a string, is 1',
    ],
    [
      'an endless array',
      { version: 1, nodes: new Array(1e9), edges: [] },
      'nodes has 1000000000 items, more than 10000',
    ],
  ])('refuses %s', (_what, json, problem) => {
    const error = errorOf(() => read(json));
    expect(error.code).toBe('VP_GRAPH_BAD_JSON');
    expect(error.message).toContain(`The graph cannot be read: ${problem}`);
  });

  it.each<readonly [object, string]>([
    [{}, 'nodes[0].kind is missing'],
    [{ kind: 'sampel' }, 'nodes[0].kind must be one of "source", '],
    [{ kind: 'toString' }, 'nodes[0].kind must be one of "source", '],
    [{ kind: 'custom', create: 'f' }, 'nodes[0].kind must be one of "source", '],
    [{ kind: 'source', name: 5 }, 'nodes[0].name must be a string, is 5'],
    [{ kind: 'sample' }, 'nodes[0].every is missing'],
    [{ kind: 'sample', every: '5' }, 'nodes[0].every must be a finite number, is "5"'],
    [{ kind: 'sample', every: 1e999 }, 'nodes[0].every must be a finite number, is Infinity'],
    [
      { kind: 'sample', evry: 5 },
      'nodes[0].evry is not known: there can be the fields every; did you mean "every"?',
    ],
    [{ kind: 'source', 'a\nb': 5 }, 'nodes[0]["a\\u{a}b"] is not known'],
    [{ kind: 'module', modules: [5] }, 'nodes[0].modules[0] must be a string, is 5'],
    [{ kind: 'module', modules: [{ options: {} }] }, 'nodes[0].modules[0].name is missing'],
    [
      { kind: 'module', modules: [], isolation: { defaultLevel: 'moon' } },
      'nodes[0].isolation.defaultLevel must be one of "inline", ',
    ],
    [{ kind: 'filter', condition: 'x' }, 'nodes[0].condition must be an object, is "x"'],
    [
      { kind: 'filter', condition: { signal: 's', op: 'constructor', value: 1 } },
      'nodes[0].condition.op must be one of "eq", ',
    ],
    [
      { kind: 'filter', condition: { signal: 's', op: 'eq', value: null } },
      'nodes[0].condition.value must be a number, a string, true or false, is null',
    ],
    [
      { kind: 'multiBranch', branches: [{ path: 'x' }] },
      'nodes[0].branches[0].condition is missing',
    ],
    [{ kind: 'join', paths: 'x' }, 'nodes[0].paths must be an array, is "x"'],
    [
      { kind: 'join', paths: ['x'], mode: 'some' },
      'nodes[0].mode must be one of "all", "any", is "some"',
    ],
    [
      { kind: 'window', windowNs: 1, keepFrames: 1 },
      'nodes[0].keepFrames must be true or false, is 1',
    ],
  ])('refuses the node %j', (fields, problem) => {
    const error = nodeProblem(fields);
    expect(error.code).toBe('VP_GRAPH_BAD_JSON');
    expect(error.message).toContain(`The graph cannot be read: ${problem}`);
  });

  it('makes no module if anything is wrong', () => {
    const json = {
      version: 1,
      nodes: [{ name: 'a', kind: 'module', modules: ['x'] }],
      edges: [{ from: 'a' }],
    };
    let madeCount = 0;
    const make = (name: string) => {
      madeCount++;
      return module(name);
    };
    expect(() => graphFromJson(json, { module: make })).toThrow('edges[0].to is missing');
    expect(madeCount).toBe(0);
  });

  it.each([
    ['the graph', '{"version":1,"nodes":[],"edges":[],"__proto__":{"polluted":1}}'],
    [
      'a node',
      '{"version":1,"nodes":[{"name":"a","kind":"source","__proto__":{"path":"x"}}],"edges":[]}',
    ],
    [
      'module options',
      '{"version":1,"nodes":[{"name":"a","kind":"module","modules":[{"name":"m","options":{"a":{"__proto__":{"polluted":1}}}}]}],"edges":[]}',
    ],
    [
      'isolation',
      '{"version":1,"nodes":[{"name":"a","kind":"module","modules":[],"isolation":{"overrides":{"__proto__":"inline"}}}],"edges":[]}',
    ],
  ])('refuses __proto__ in %s', (_where, json) => {
    expect(() => read(JSON.parse(json))).toThrow(/__proto__ (is not known|must not be there)/);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('does not take fields from prototypes', () => {
    const inherited: unknown = Object.create({ version: 1, nodes: [], edges: [] });
    expect(() => read(inherited)).toThrow('version is missing');
  });

  it('bounds the depth and the number of values, also where few objects stand for many', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100; i++) deep = [deep];
    const withOptions = (options: unknown) =>
      nodeProblem({ kind: 'module', modules: [{ name: 'm', options: { options } }] }).message;
    expect(withOptions(deep)).toContain('is nested more than 32 deep');

    let wide: unknown = 1;
    for (let i = 0; i < 20; i++) wide = Array.from({ length: 10 }, () => wide);
    expect(withOptions(wide)).toContain('exceeds 1000000 values');
  });
});
