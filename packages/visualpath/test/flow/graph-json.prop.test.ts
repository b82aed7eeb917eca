import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  defineModule,
  FlowGraph,
  IsolationLevel,
  isVisualError,
  type AnyModule,
  type FlowEdge,
  type NodeKind,
  type NodeSpec,
  type SignalCondition,
} from '../../src/index.ts';
import { graphFromJson, graphToJson } from '../../src/flow/graph-json.ts';

const module = (name: string): AnyModule => defineModule({ name, process: () => undefined });

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', ''),
);
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat());
const key = name.filter((text) => text !== '__proto__');
const level = fc.constantFrom(...Object.values(IsolationLevel));

/** All of the fields, or some where they can be left out. */
const fields = <T>(
  arbitraries: { readonly [F in keyof T]-?: fc.Arbitrary<Exclude<T[F], undefined>> },
  requiredKeys: readonly (keyof T)[],
) => fc.record(arbitraries, { requiredKeys: [...requiredKeys] }) as fc.Arbitrary<T>;

type Spec<K extends NodeKind> = Extract<NodeSpec, { kind: K }>;

const condition = fields<SignalCondition>(
  {
    signal: name,
    op: fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
    value: fc.oneof(number, name, fc.boolean()),
    source: name,
  },
  ['signal', 'op', 'value'],
);
const branches = fc.array(fc.record({ condition, path: name }), { maxLength: 3 });
const names = fc.array(name, { maxLength: 3 });
const kindIs = <const K extends NodeKind>(kind: K) => fc.constant(kind);

const specs: {
  readonly [K in Exclude<NodeKind, 'custom' | 'cascadeFusion'>]: fc.Arbitrary<Spec<K>>;
} = {
  source: fields<Spec<'source'>>({ kind: kindIs('source'), path: name }, ['kind']),
  module: fields<Spec<'module'>>(
    {
      kind: kindIs('module'),
      modules: fc.array(name.map(module), { maxLength: 3 }),
      path: name,
      isolation: fc.record(
        {
          defaultLevel: level,
          overrides: fc.dictionary(key, level),
          venvPaths: fc.dictionary(key, name),
        },
        { requiredKeys: [] },
      ),
    },
    ['kind', 'modules'],
  ),
  filter: fc.record({ kind: kindIs('filter'), condition }),
  observationFilter: fields<Spec<'observationFilter'>>(
    { kind: kindIs('observationFilter'), source: name, minCount: number },
    ['kind'],
  ),
  signalFilter: condition.map((plain) => ({ kind: 'signalFilter', ...plain })),
  sample: fc.record({ kind: kindIs('sample'), every: number }),
  rateLimit: fc.record({ kind: kindIs('rateLimit'), minIntervalMs: number }),
  timestampSample: fc.record({ kind: kindIs('timestampSample'), intervalNs: number }),
  branch: fc.record({ kind: kindIs('branch'), condition, ifTrue: name, ifFalse: name }),
  fanOut: fc.record({ kind: kindIs('fanOut'), paths: names }),
  multiBranch: fields<Spec<'multiBranch'>>(
    { kind: kindIs('multiBranch'), branches, defaultPath: name },
    ['kind', 'branches'],
  ),
  conditionalFanOut: fc.record({ kind: kindIs('conditionalFanOut'), branches }),
  join: fields<Spec<'join'>>(
    {
      kind: kindIs('join'),
      paths: names,
      mode: fc.constantFrom('all', 'any'),
      windowNs: number,
      latenessNs: number,
      unmatched: fc.constantFrom('drop', 'emit'),
      path: name,
      keepFrames: fc.boolean(),
    },
    ['kind', 'paths'],
  ),
  window: fields<Spec<'window'>>(
    {
      kind: kindIs('window'),
      windowNs: number,
      latenessNs: number,
      late: fc.constantFrom('drop', 'sideOutput', 'update'),
      latePath: name,
      updateWithinNs: number,
      keepFrames: fc.boolean(),
    },
    ['kind', 'windowNs'],
  ),
  collector: fields<Spec<'collector'>>(
    { kind: kindIs('collector'), batchSize: number, timeoutNs: number, keepFrames: fc.boolean() },
    ['kind', 'batchSize'],
  ),
};

const graph = fc
  .record({
    nodes: fc.array(fc.record({ name, spec: fc.oneof(...Object.values(specs)) }), { maxLength: 8 }),
    edges: fc.array(fields<FlowEdge>({ from: name, to: name, path: name }, ['from', 'to']), {
      maxLength: 8,
    }),
  })
  .map((init) => new FlowGraph(init));

it('reads back what it wrote, also through text', () => {
  fc.assert(
    fc.property(graph, (original) => {
      const json = graphToJson(original);
      const parsed: unknown = JSON.parse(JSON.stringify(json));
      expect(parsed).toStrictEqual(json);
      const again = graphFromJson(parsed, { module });
      expect(graphToJson(again)).toStrictEqual(json);
      expect(again.edges).toEqual(original.edges);
      expect(again.nodes.map((node) => node.name)).toEqual(original.nodes.map((node) => node.name));
    }),
    { numRuns: 500 },
  );
});

/** Where a random change of a valid document can strike. */
const damage = fc.record({
  at: fc.nat(),
  value: fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.constant(Infinity)),
  key: fc.option(fc.constantFrom('kind', 'name', 'every', 'paths', '__proto__', 'x'), {
    nil: undefined,
  }),
});

function damaged(
  json: unknown,
  { at, value, key }: { at: number; value: unknown; key: string | undefined },
) {
  const places: { readonly holder: object; readonly field: string }[] = [];
  const visit = (holder: unknown): void => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const field of Object.keys(holder)) {
      places.push({ holder, field });
      visit(Reflect.get(holder, field));
    }
  };
  const copy: unknown = structuredClone(json);
  visit(copy);
  const { holder, field } = places[at % places.length]!;
  Object.defineProperty(holder, key ?? field, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

it('reads a damaged document or refuses it with VP_GRAPH_BAD_JSON, and nothing else', () => {
  fc.assert(
    fc.property(graph, damage, (original, change) => {
      const json = damaged(graphToJson(original), change);
      try {
        const again = graphFromJson(json, { module });
        expect(graphFromJson(graphToJson(again), { module }).nodes).toHaveLength(
          again.nodes.length,
        );
      } catch (error) {
        if (!isVisualError(error)) throw error;
        expect(error.code).toBe('VP_GRAPH_BAD_JSON');
      }
    }),
    { numRuns: 500 },
  );
});

it('refuses anything else that JSON can hold', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      expect(() => graphFromJson(json, { module })).toThrow(
        expect.objectContaining({ code: 'VP_GRAPH_BAD_JSON' }),
      );
    }),
  );
});
