import { describe, expect, it } from 'vitest';
import { Frame } from '../../src/frame/frame.ts';
import { PushSource } from '../../src/source/push-source.ts';

function frameAt(frameId: number, onRelease?: () => void): Frame {
  const data = new Uint8Array(12);
  return Frame.fromRgb({
    frameId,
    tSrcNs: frameId * 100,
    width: 2,
    height: 2,
    data,
    ...(onRelease && { onRelease }),
  });
}

describe('pushed frames', () => {
  it('come out in order, and end when the program says so', async () => {
    const source = new PushSource();
    const pushing = (async () => {
      for (let i = 0; i < 20; i++) await source.push(frameAt(i));
      source.end();
    })();
    const ids: number[] = [];
    for await (const { frameId } of source) ids.push(frameId);
    await pushing;
    expect(ids).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('make the program wait while there is no room', async () => {
    const source = new PushSource({ capacity: 2 });
    await source.push(frameAt(0));
    let hasRoom = false;
    const pushed = source.push(frameAt(1)).then(() => (hasRoom = true));
    await new Promise(setImmediate);
    expect(hasRoom).toBe(false);
    for await (const { frameId } of source) if (frameId === 0) break;
    await pushed;
    expect(hasRoom).toBe(true);
  });

  it('are given up and released when only the latest counts', async () => {
    const source = new PushSource({ overflow: 'latest' });
    const released: number[] = [];
    for (let i = 0; i < 5; i++) await source.push(frameAt(i, () => released.push(i)));
    source.end();
    const ids: number[] = [];
    for await (const { frameId } of source) ids.push(frameId);
    expect(ids).toEqual([4]);
    expect(source.droppedCount).toBe(4);
    expect(released).toEqual([0, 1, 2, 3, 4]);
  });

  it('are all released when the reader leaves', async () => {
    const source = new PushSource();
    let released = 0;
    for (let i = 0; i < 4; i++) await source.push(frameAt(i, () => (released += 1)));
    for await (const { frameId } of source) if (frameId === 1) break;
    expect(released).toBe(4);
    await expect(source.push(frameAt(9))).rejects.toMatchObject({ code: 'VB_CLOSED' });
  });

  it('give the reader the error that ended them, after the frames before it', async () => {
    const source = new PushSource();
    await source.push(frameAt(0));
    source.end(new Error('unplugged'));
    const ids: number[] = [];
    const reading = (async () => {
      for await (const { frameId } of source) ids.push(frameId);
    })();
    await expect(reading).rejects.toThrow('unplugged');
    expect(ids).toEqual([0]);
  });

  it('must come in order of time', async () => {
    const source = new PushSource();
    await source.push(frameAt(3));
    await expect(source.push(frameAt(3))).rejects.toThrow(/after frame 3 at 300 ns/);
  });
});
