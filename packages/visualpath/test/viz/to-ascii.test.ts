import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlowEdge, FlowNode } from '../../src/index.ts';
import { printAscii } from '../../src/viz/print-ascii.ts';
import { toAscii } from '../../src/viz/to-ascii.ts';
import { anyGraph, BRANCHING, BROKEN, hostileName } from './graphs.ts';

const source = (name: string): FlowNode => ({ name, spec: { kind: 'source' } });

const graphOf = (edges: readonly FlowEdge[]) => ({
  nodes: [...new Set(edges.flatMap(({ from, to }) => [from, to]))].map(source),
  edges,
});

/** Line by line, the nodes that are shown there. */
const shownNodes = (drawn: string): readonly (string | undefined)[] =>
  drawn.split('\n').map((line) => /^[│├└─ ]*[●■▽◆▤□✗] (\S+) {2}/u.exec(line)?.[1]);

describe('toAscii', () => {
  it('shows branches indented, and what they meet in below them', () => {
    expect(toAscii(BRANCHING)).toBe(`\
● camera  source
│
■ faces  module
│   face.detect
│   face.mood (process) ← face.detect
│
◆ route  branch
│   score of face.mood ge 0.7 → near
│   else → far
├─[near]
│  ▤ calm  window  500 ms, late sideOutput → late
│  └─▶ both
├─[far]
│  ▽ thin  sample  every 5
│  └─▶ both
│
▤ both  join
│   all, window 0 ms
│   of near, far
│   ◀ calm, thin
│ [both]
■ report  module  report
`);
  });

  it('marks what is wrong with a graph', () => {
    expect(toAscii(BROKEN)).toBe(`\
● camera  source
│
▽ thin  sample  every 2  ✗ the name is used twice  ✗ on a circle
│
◆ spread  fanOut  to x, y  ✗ on a circle
├─[x]─▶ thin  ✗ closes a circle
└─[y]
   ✗ nowhere  missing  ✗ no such node

▤ thin  collector  batch 8, timeout 1000 ms  ✗ the name is used twice

▽ loop  timestampSample  every 33.333333 ms  ✗ on a circle
└─▶ loop  ✗ closes a circle
`);
  });

  it('shows what several sources meet in after all of them, and meetings inside branches there', () => {
    const pairs = ['a b', 'a c', 'b d', 'b e', 'd f', 'e f', 'f g', 'c g', 'g z', 'other z'];
    const edges = pairs.map((pair) => {
      const [from = '', to = ''] = pair.split(' ');
      return { from, to };
    });
    expect(toAscii(graphOf(edges))).toBe(`\
● a  source
├─ ● b  source
│  ├─ ● d  source
│  │  └─▶ f
│  ├─ ● e  source
│  │  └─▶ f
│  │
│  ● f  source
│  │   ◀ d, e
│  └─▶ g
├─ ● c  source
│  └─▶ g
│
● g  source
│   ◀ f, c
└─▶ z

● other  source
└─▶ z

● z  source
    ◀ g, other
`);
  });

  it('says when there is nothing to show', () => {
    expect(toAscii({ nodes: [], edges: [] })).toBe('(no nodes)\n');
  });

  it('shows parameters of a wrong type as such', () => {
    const spec = { kind: 'join' } as unknown as FlowNode['spec'];
    const odd = { kind: 'odd' } as unknown as FlowNode['spec'];
    const nodes = [
      { name: 'a', spec },
      { name: 'b', spec: odd },
    ];
    expect(toAscii({ nodes, edges: [] })).toBe(
      '▤ a  join  (parameters of a wrong type)\n\n□ b  odd\n',
    );
  });

  it('shows every node once, and after all that lead to it if there is no circle', () => {
    const pair = fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 40 }), (pairs) => {
        const graph = graphOf(
          pairs.map(([a, b]) => ({ from: `n${Math.min(a, b)}`, to: `n${Math.max(a, b)}` })),
        );
        const shown = shownNodes(toAscii(graph));
        const names = graph.nodes.map(({ name }) => name);
        expect(shown.filter((name) => name !== undefined).sort()).toEqual([...names].sort());
        for (const { from, to } of graph.edges) {
          expect(shown.indexOf(from)).toBeLessThan(shown.indexOf(to));
        }
      }),
    );
  });

  it('shows every node once, also those on circles and those that are missing', () => {
    fc.assert(
      fc.property(anyGraph(fc.constantFrom('a', 'b', 'c', 'd', 'e')), (graph) => {
        const names = graph.nodes.map(({ name }) => name);
        const ends = graph.edges.flatMap(({ from, to }) => [from, to]);
        const missing = new Set(ends.filter((end) => !names.includes(end)));
        const shown = shownNodes(toAscii(graph)).filter((name) => name !== undefined);
        expect([...shown].sort()).toEqual([...names, ...missing].sort());
      }),
    );
  });

  it('writes no control characters, whatever the names', () => {
    fc.assert(
      fc.property(anyGraph(hostileName), (graph) => {
        expect(toAscii(graph).replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it.each([
    ['a chain', (i: number) => i - 1],
    ['a comb', (i: number) => i - (i % 2 === 0 ? 2 : 1)],
    ['a star', () => 0],
  ])('draws %s of 10,000 nodes within a width that it can be read at', (_shape, parentOf) => {
    const nodes = Array.from({ length: 10_000 }, (_, i) => source(`n${i}`));
    const edges = nodes.slice(1).map(({ name }, i) => ({ from: `n${parentOf(i + 1)}`, to: name }));
    const drawn = toAscii({ nodes, edges });
    expect(new Set(shownNodes(drawn)).size).toBe(nodes.length + 1);
    expect(Math.max(...drawn.split('\n').map((line) => line.length))).toBeLessThan(120);
  });
});

describe('printAscii', () => {
  it('writes what toAscii draws', () => {
    const written: string[] = [];
    printAscii(BRANCHING, (text) => written.push(text));
    expect(written.join('')).toBe(toAscii(BRANCHING));
  });
});
