import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDot } from '../../src/viz/to-dot.ts';
import { anyGraph, BRANCHING, BROKEN, hostileName } from './graphs.ts';

const QUOTED = String.raw`"(?:[^"\\\p{C}]|\\["\\n])*"`;
const LINE = new RegExp(
  [
    String.raw`digraph visualpath \{`,
    String.raw`  node \[fontname="sans-serif"\];`,
    String.raw`  n\d+ \[shape=[a-z]+(?: color=red)?(?: style=dashed)? label=${QUOTED}\];`,
    String.raw`  n\d+ -> n\d+(?: \[(?:label=${QUOTED})? ?(?:color=red)?\])?;`,
    String.raw`\}`,
  ]
    .map((line) => `^${line}$`)
    .join('|'),
  'u',
);

describe('toDot', () => {
  it('draws nodes by role with their parameters, and edges with their path', () => {
    expect(toDot(BRANCHING)).toBe(`\
digraph visualpath {
  node [fontname="sans-serif"];
  n0 [shape=ellipse label="camera\\nsource"];
  n1 [shape=box label="faces\\nmodule\\nface.detect\\nface.mood (process) ← face.detect"];
  n2 [shape=diamond label="route\\nbranch\\nscore of face.mood ge 0.7 → near\\nelse → far"];
  n3 [shape=cylinder label="calm\\nwindow\\n500 ms, late sideOutput → late"];
  n4 [shape=hexagon label="thin\\nsample\\nevery 5"];
  n5 [shape=cylinder label="both\\njoin\\nall, window 0 ms\\nof near, far"];
  n6 [shape=box label="report\\nmodule\\nreport"];
  n0 -> n1;
  n1 -> n2;
  n2 -> n3 [label="near"];
  n2 -> n4 [label="far"];
  n3 -> n5;
  n4 -> n5;
  n5 -> n6 [label="both"];
}
`);
  });

  it('marks what is wrong with a graph', () => {
    expect(toDot(BROKEN)).toBe(`\
digraph visualpath {
  node [fontname="sans-serif"];
  n0 [shape=ellipse label="camera\\nsource"];
  n1 [shape=hexagon color=red label="thin\\nsample\\nevery 2\\n✗ the name is used twice\\n✗ on a circle"];
  n2 [shape=diamond color=red label="spread\\nfanOut\\nto x, y\\n✗ on a circle"];
  n3 [shape=cylinder color=red label="thin\\ncollector\\nbatch 8, timeout 1000 ms\\n✗ the name is used twice"];
  n4 [shape=hexagon color=red label="loop\\ntimestampSample\\nevery 33.333333 ms\\n✗ on a circle"];
  n5 [shape=box color=red style=dashed label="nowhere\\nmissing\\n✗ no such node"];
  n0 -> n1;
  n1 -> n2 [color=red];
  n2 -> n1 [label="x" color=red];
  n2 -> n5 [label="y"];
  n4 -> n4 [color=red];
}
`);
  });

  it('keeps what Graphviz would read as its own escapes or as HTML', () => {
    const graph = { nodes: [{ name: '\\N&lt;"', spec: { kind: 'source' } }], edges: [] } as const;
    expect(toDot(graph)).toContain(String.raw`label="\"\\\\N&amp;lt;\\\"\"\nsource"`);
  });

  it('writes balanced quotes and nothing else than its own lines, whatever the names', () => {
    fc.assert(
      fc.property(anyGraph(hostileName), (graph) => {
        const lines = toDot(graph).trimEnd().split('\n');
        expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
        expect(lines.filter((line) => line.includes(' -> n'))).toHaveLength(graph.edges.length);
      }),
    );
  });
});
