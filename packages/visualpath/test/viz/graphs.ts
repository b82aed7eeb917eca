import fc from 'fast-check';
import { defineModule, type AnyModule, type FlowNode, type NodeSpec } from '../../src/index.ts';
import type { DrawableGraph } from '../../src/viz/drawing.ts';

const module = (name: string, depends: readonly string[] = []): AnyModule =>
  defineModule({ name, depends, process: () => undefined });

/** Two ways that part at a branch and meet again in a join. */
export const BRANCHING: DrawableGraph = {
  nodes: [
    { name: 'camera', spec: { kind: 'source' } },
    {
      name: 'faces',
      spec: {
        kind: 'module',
        modules: [module('face.detect'), module('face.mood', ['face.detect'])],
        isolation: { overrides: { 'face.mood': 'process' } },
      },
    },
    {
      name: 'route',
      spec: {
        kind: 'branch',
        condition: { signal: 'score', op: 'ge', value: 0.7, source: 'face.mood' },
        ifTrue: 'near',
        ifFalse: 'far',
      },
    },
    { name: 'calm', spec: { kind: 'window', windowNs: 500e6, late: 'sideOutput' } },
    { name: 'thin', spec: { kind: 'sample', every: 5 } },
    { name: 'both', spec: { kind: 'join', paths: ['near', 'far'] } },
    { name: 'report', spec: { kind: 'module', modules: [module('report')] } },
  ],
  edges: [
    { from: 'camera', to: 'faces' },
    { from: 'faces', to: 'route' },
    { from: 'route', to: 'calm', path: 'near' },
    { from: 'route', to: 'thin', path: 'far' },
    { from: 'calm', to: 'both' },
    { from: 'thin', to: 'both' },
    { from: 'both', to: 'report', path: 'both' },
  ],
};

/** A circle, a node that leads to itself, a name used twice, and an edge to nowhere. */
export const BROKEN: DrawableGraph = {
  nodes: [
    { name: 'camera', spec: { kind: 'source' } },
    { name: 'thin', spec: { kind: 'sample', every: 2 } },
    { name: 'spread', spec: { kind: 'fanOut', paths: ['x', 'y'] } },
    { name: 'thin', spec: { kind: 'collector', batchSize: 8, timeoutNs: 1e9 } },
    { name: 'loop', spec: { kind: 'timestampSample', intervalNs: 33_333_333 } },
  ],
  edges: [
    { from: 'camera', to: 'thin' },
    { from: 'thin', to: 'spread' },
    { from: 'spread', to: 'thin', path: 'x' },
    { from: 'spread', to: 'nowhere', path: 'y' },
    { from: 'loop', to: 'loop' },
  ],
};

/** Names that mean something to one of the formats, or that no terminal should see. */
export const hostileName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ maxLength: 10 }),
  fc.constantFrom(
    ...['', ' ', 'end', 'graph', 'subgraph', 'digraph', '__proto__', 'constructor', '</script>'],
    ...[
      '"]',
      '"',
      '\\',
      'a\\',
      '\\N',
      '\\"',
      '`a`',
      '"`**b**`"',
      '#quot;',
      '&lt;',
      '<b>',
      '%%{init:{}}%%',
    ],
    ...[
      'a\nb',
      'a\r\nb',
      '\0',
      '\x1b[2J',
      '\u202Eabc',
      '\uD800',
      '\uFB02°lt¶ß',
      '1. x',
      '- x',
      '|',
      '-->',
    ],
    'x'.repeat(500),
  ),
);

const specOf = (names: readonly string[], name: string, i: number): NodeSpec => {
  const condition = { signal: name, op: 'eq', value: name } as const;
  const specs: readonly NodeSpec[] = [
    { kind: 'source', path: name },
    { kind: 'fanOut', paths: names },
    { kind: 'join', paths: names, path: name },
    { kind: 'signalFilter', ...condition, source: name },
    { kind: 'module', modules: names.map((other) => module(other, names)) },
    { kind: 'multiBranch', branches: names.map((path) => ({ condition, path })) },
    { kind: 'cascadeFusion', fuse: () => undefined, source: name },
  ];
  return specs[i % specs.length]!;
};

/** Any graph at all over some names: circles, edges to missing nodes, names used twice. */
export const anyGraph = (name: fc.Arbitrary<string>): fc.Arbitrary<DrawableGraph> =>
  fc.array(name, { maxLength: 8 }).chain((names) => {
    const end = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names, 'missing') }, name);
    const path = fc.option(name, { nil: undefined });
    const edge = fc
      .record({ from: end, to: end, path })
      .map(({ from, to, path }) => (path === undefined ? { from, to } : { from, to, path }));
    const nodes = names.map((own, i): FlowNode => ({ name: own, spec: specOf(names, own, i) }));
    return fc.array(edge, { maxLength: 16 }).map((edges) => ({ nodes, edges }));
  });
