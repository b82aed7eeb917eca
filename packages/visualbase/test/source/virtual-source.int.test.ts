import { describe, expect, it } from 'vitest';
import { VirtualSource } from '../../src/source/virtual-source.ts';

const GRAPH = 'testsrc2=size=64x48:rate=30:duration=2';

describe('a virtual input', () => {
  it('gives every picture of a graph that ends, losing none to a slow reader', async () => {
    const source = await VirtualSource.open(GRAPH, { slotCount: 2 });
    const times: number[] = [];
    for await (const { tSrcNs, width, height } of source) {
      expect([width, height]).toEqual([64, 48]);
      if (times.length % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      times.push(tSrcNs);
    }
    expect(times).toEqual(Array.from({ length: 60 }, (_, i) => Math.round((i * 1e9) / 30)));
    expect(source.stats).toMatchObject({ droppedCount: 0, lostCount: 0, decodedCount: 60 });
  });

  it('is sampled and scaled like a file', async () => {
    const source = await VirtualSource.open(GRAPH, { fps: 10, maxSide: 32 });
    const ids: number[] = [];
    for await (const frame of source) {
      ids.push(frame.frameId);
      expect([frame.width, frame.height]).toEqual([32, 24]);
    }
    expect(ids).toEqual(Array.from({ length: 20 }, (_, i) => i * 3));
  });

  it('tells what is wrong with a graph', async () => {
    await expect(VirtualSource.open('nonsense')).rejects.toMatchObject({
      code: 'VB_SOURCE_UNREACHABLE',
    });
  });

  it('without an end stops when it is closed', async () => {
    let count = 0;
    for await (const frame of await VirtualSource.open('testsrc2=size=64x48:rate=30')) {
      count += frame.frameId >= 0 ? 1 : 0;
      if (count === 100) break;
    }
    expect(count).toBe(100);
  });
});
