import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortModules } from '../../src/flow/sort-modules.ts';
import { defineModule, FlowGraph, type AnyModule } from '../../src/index.ts';

const module = (name: string, depends: readonly string[] = []): AnyModule =>
  defineModule({ name, depends, process: () => undefined });

const messages = (graph: FlowGraph) => graph.validate().map((problem) => problem.message);

describe('FlowGraph.fromModules', () => {
  it('adds modules that others depend on by value', () => {
    const a = module('a');
    const b = defineModule({ name: 'b', depends: [a], process: () => undefined });
    expect(FlowGraph.fromModules([b]).modules.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('prefers the module of that name that was given', () => {
    const a = module('a');
    const other = module('a');
    const b = defineModule({ name: 'b', depends: [a], process: () => undefined });
    expect(FlowGraph.fromModules([b, other]).modules).toEqual([b, other]);
  });
});

describe('FlowGraph.validate', () => {
  it('finds nothing wrong with a sound graph', () => {
    expect(FlowGraph.fromModules([module('b', ['a']), module('a')]).validate()).toEqual([]);
  });

  it.each([
    ['a missing dependency', [module('b', ['a'])], /"b" depends on "a"/],
    ['two modules of one name', [module('a'), module('a')], /two modules are named "a"/],
    ['a circle', [module('a', ['b']), module('b', ['a'])], /in a circle: "a".*"b"/],
    ['a module that depends on itself', [module('a', ['a'])], /in a circle/],
  ])('finds %s', (_what, modules, message) => {
    const graph = FlowGraph.fromModules(modules);
    expect(messages(graph)).toContainEqual(expect.stringMatching(message));
    expect(() => graph.assertValid()).toThrow(
      expect.objectContaining({ code: 'VP_GRAPH_INVALID' }),
    );
  });

  it('finds what is wrong with nodes and edges', () => {
    const source = { name: 'in', spec: { kind: 'source' } } as const;
    const node = (name: string, ...modules: AnyModule[]) =>
      ({ name, spec: { kind: 'module', modules } }) as const;
    const graph = new FlowGraph({
      nodes: [source, node('x'), node('x'), node('alone'), node('late', module('b', ['a']))],
      edges: [
        { from: 'in', to: 'x' },
        { from: 'x', to: 'nowhere' },
        { from: 'x', to: 'late' },
        { from: 'late', to: 'x' },
      ],
    });
    expect(messages(graph)).toEqual(
      expect.arrayContaining([
        'two nodes are named "x"',
        'the edge x -> nowhere names a node "nowhere" that does not exist',
        'no route leads from a source to node "alone"',
        'node "late" leads back to itself',
        'module "b" depends on "a", which does not run before it',
      ]),
    );
    expect(messages(new FlowGraph({ nodes: [], edges: [] }))).toEqual([
      'the graph has no source node',
    ]);
  });
});

describe('sortModules', () => {
  it('puts every module after all that it depends on, in the lowest level, for any order given', () => {
    const acyclic = fc
      .integer({ min: 1, max: 12 })
      .chain((n) =>
        fc.tuple(
          ...Array.from({ length: n }, (_, i) =>
            fc.uniqueArray(fc.integer({ min: 0, max: Math.max(0, i - 1) }), { maxLength: i }),
          ),
        ),
      )
      .chain((depends) =>
        fc.shuffledSubarray(
          depends.map((indices, i) => module(`m${i}`, i === 0 ? [] : indices.map((d) => `m${d}`))),
          { minLength: depends.length },
        ),
      );
    fc.assert(
      fc.property(acyclic, (modules) => {
        const { levels, cyclic } = sortModules(modules);
        const levelOf = new Map(
          levels.flatMap((level, i) => level.map((m) => [m.name, i] as const)),
        );
        expect(cyclic).toEqual([]);
        expect(levelOf.size).toBe(modules.length);
        for (const { name, depends } of modules) {
          const below = depends.map((dependency) => levelOf.get(dependency as string)!);
          expect(levelOf.get(name)).toBe(Math.max(-1, ...below) + 1);
        }
      }),
    );
  });
});
