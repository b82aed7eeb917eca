import type { Frame } from 'visualbase';
import { describe, expect, it } from 'vitest';
import {
  FlowData,
  FlowGraphBuilder,
  GraphExecutor,
  SimpleInterpreter,
  type FlowNode,
  type NodeSpec,
} from '../../src/index.ts';
import { mergeItems } from '../../src/backends/simple/nodes/merge-items.ts';

const COUNT = 2000;
/** Each item may be looked at this often, which any work that grows with the square of the items exceeds. */
const MAX_LOOKS = 40 * COUNT;

/** Frames whose time counts how often it is looked at. */
function countingFrames() {
  const looks = { count: 0 };
  const frameAt = (frameId: number, tNs: number): Frame => {
    const frame = {
      frameId,
      isReleased: false,
      get tSrcNs() {
        looks.count += 1;
        return tNs;
      },
    };
    return frame as unknown as Frame;
  };
  return { looks, frameAt };
}

describe('what a node does for an item does not grow with the items that wait in it', () => {
  it.each<[string, NodeSpec]>([
    ['collector', { kind: 'collector', batchSize: COUNT }],
    ['window', { kind: 'window', windowNs: COUNT }],
    ['join', { kind: 'join', paths: ['a', 'b'], path: 'both' }],
  ])('%s, for items that come in the reverse order', async (name, spec) => {
    const { looks, frameAt } = countingFrames();
    const interpreter = new SimpleInterpreter();
    const node: FlowNode = { name, spec };
    const out: FlowData[] = [];
    for (let i = COUNT - 1; i >= 0; i--) {
      const data = new FlowData(frameAt(i, i), [], 'a');
      out.push(...(await interpreter.interpret(node, data, -1)));
    }
    expect(looks.count).toBeLessThan(MAX_LOOKS);
    const last = new FlowData(frameAt(COUNT, COUNT), [], name === 'join' ? 'b' : 'a');
    out.push(...(await interpreter.interpret(node, last, Infinity)));
    expect(looks.count).toBeLessThan(3 * MAX_LOOKS);
    expect(out[0]?.frame.frameId ?? 'nothing').toBe(name === 'join' ? 'nothing' : COUNT - 1);
  });

  it('window, for turns in which many windows are open', async () => {
    const { looks, frameAt } = countingFrames();
    const graph = new FlowGraphBuilder()
      .source()
      .window('w', { windowNs: 1, latenessNs: 2 * COUNT, keepFrames: false })
      .build();
    const executor = new GraphExecutor(graph);
    for (let i = 0; i < COUNT; i++) await executor.process(frameAt(i, i));
    expect(looks.count).toBeLessThan(MAX_LOOKS);
    const flushed = await executor.flush();
    expect(flushed.map(({ frame }) => frame.frameId)).toEqual(
      Array.from({ length: COUNT }, (_, i) => i),
    );
  });
});

describe('a result of very many items', () => {
  it('has the metadata of all', () => {
    const { frameAt } = countingFrames();
    const items = Array.from(
      { length: 200_000 },
      (_, i) => new FlowData(frameAt(i, i), [], 'main', { [`key${i % 3}`]: i }),
    );
    expect(mergeItems(items, 'main').metadata).toEqual({
      key0: 199_998,
      key1: 199_999,
      key2: 199_997,
    });
  });
});
