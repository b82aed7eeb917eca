import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMermaid } from '../../src/viz/to-mermaid.ts';
import { anyGraph, BRANCHING, BROKEN, hostileName } from './graphs.ts';

const TEXT = String.raw`"(?:[^\p{C}!-+\--/:-@[-\x60{-~\uFB02]|#\d+;|(?<=[\p{L}\p{N}])[._-](?=[\p{L}\p{N}])|<br/>)*"`;
const LINE = new RegExp(
  [
    'flowchart TD',
    String.raw`  n\d+(?:\(\[${TEXT}\]\)|\[${TEXT}\]|\{\{${TEXT}\}\}|\{${TEXT}\}|\[\(${TEXT}\)\]|\[\[${TEXT}\]\])`,
    String.raw`  n\d+ -->(?:\|${TEXT}\|)? n\d+`,
    String.raw`  classDef (?:fault stroke:red|missing stroke:red,stroke-dasharray:4)`,
    String.raw`  class n\d+(?:,n\d+)* (?:fault|missing)`,
    String.raw`  linkStyle \d+(?:,\d+)* stroke:red`,
  ]
    .map((line) => `^${line}$`)
    .join('|'),
  'u',
);

describe('toMermaid', () => {
  it('draws nodes by role with their parameters, and edges with their path', () => {
    expect(toMermaid(BRANCHING)).toBe(`\
flowchart TD
  n0(["camera<br/>source"])
  n1["faces<br/>module<br/>face.detect<br/>face.mood #40;process#41; ← face.detect"]
  n2{"route<br/>branch<br/>score of face.mood ge 0.7 → near<br/>else → far"}
  n3[("calm<br/>window<br/>500 ms, late sideOutput → late")]
  n4{{"thin<br/>sample<br/>every 5"}}
  n5[("both<br/>join<br/>all, window 0 ms<br/>of near, far")]
  n6["report<br/>module<br/>report"]
  n0 --> n1
  n1 --> n2
  n2 -->|"near"| n3
  n2 -->|"far"| n4
  n3 --> n5
  n4 --> n5
  n5 -->|"both"| n6
`);
  });

  it('marks what is wrong with a graph', () => {
    expect(toMermaid(BROKEN)).toBe(`\
flowchart TD
  n0(["camera<br/>source"])
  n1{{"thin<br/>sample<br/>every 2<br/>✗ the name is used twice<br/>✗ on a circle"}}
  n2{"spread<br/>fanOut<br/>to x, y<br/>✗ on a circle"}
  n3[("thin<br/>collector<br/>batch 8, timeout 1000 ms<br/>✗ the name is used twice")]
  n4{{"loop<br/>timestampSample<br/>every 33.333333 ms<br/>✗ on a circle"}}
  n5["nowhere<br/>missing<br/>✗ no such node"]
  n0 --> n1
  n1 --> n2
  n2 -->|"x"| n1
  n2 -->|"y"| n5
  n4 --> n4
  classDef fault stroke:red
  class n1,n2,n3,n4 fault
  classDef missing stroke:red,stroke-dasharray:4
  class n5 missing
  linkStyle 1,2,4 stroke:red
`);
  });

  it.each([
    ['1. x', '1#46; x'],
    ['- x', '#45; x'],
    ['www.x.org', 'www#46;x.org'],
    ['_a_b_', '#95;a_b#95;'],
    ['`x`', '#96;x#96;'],
    ['#lt;', '#35;lt#59;'],
    ['\uFB02°lt¶ß', '#64258;°lt¶ß'],
    ['</script>', '#60;#47;script#62;'],
  ])('writes %s so that it is read as text', (name, written) => {
    const graph = { nodes: [{ name, spec: { kind: 'source' } }], edges: [] } as const;
    expect(toMermaid(graph)).toBe(`flowchart TD\n  n0(["${written}<br/>source"])\n`);
  });

  it('writes nothing but its own lines, whatever the names', () => {
    fc.assert(
      fc.property(anyGraph(hostileName), (graph) => {
        const lines = toMermaid(graph).trimEnd().split('\n');
        expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
        expect(lines.filter((line) => line.includes(' -->'))).toHaveLength(graph.edges.length);
      }),
    );
  });
});
