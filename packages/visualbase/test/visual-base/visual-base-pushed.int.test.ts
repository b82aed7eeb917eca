import { describe, expect, it } from 'vitest';
import { Frame } from '../../src/frame/frame.ts';
import { PushSource } from '../../src/source/push-source.ts';
import { Trigger } from '../../src/trigger/trigger.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { VisualBase } from '../../src/visual-base/visual-base.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
const WIDTH = 64;
const HEIGHT = 48;

const grey = (frameId: number): Frame =>
  Frame.fromRgb({
    frameId,
    tSrcNs: frameId * 40_000_000,
    width: WIDTH,
    height: HEIGHT,
    data: new Uint8Array(WIDTH * HEIGHT * 3).fill(frameId * 2),
  });

describe('a VisualBase on pushed frames', () => {
  it('cuts the past out of what was read, and waits for what comes', async () => {
    const source = new PushSource();
    await using media = new VisualBase({ outputDir: inFolder('clips') });
    await media.connect(source);
    void (async () => {
      for (let i = 0; i < 100; i++) await source.push(grey(i));
      source.end();
    })();
    let cut: ReturnType<VisualBase['trigger']> | undefined;
    for await (const { frameId, tSrcNs } of media.stream()) {
      if (frameId !== 50) continue;
      const trigger = { eventTimeNs: tSrcNs, preSec: 1, postSec: 0.4, label: 'goal' };
      cut = media.trigger(Trigger.point(trigger));
    }
    const clip = await cut!;
    expect(clip).toMatchObject({ startNs: 1e9, endNs: 2.4e9, frameCount: 35, isComplete: true });
    for await (const frame of await FileSource.open(clip.path)) {
      expect(Math.abs(frame.data[0]! - (25 + frame.frameId) * 2)).toBeLessThan(6);
    }
  });

  it('gives a trigger at the end what there is', async () => {
    const source = new PushSource({ capacity: 50 });
    await using media = new VisualBase({ outputDir: inFolder('end') });
    await media.connect(source);
    for (let i = 0; i < 30; i++) await source.push(grey(i));
    source.end();
    for await (const frame of media.stream()) expect(frame.width).toBe(WIDTH);
    const trigger = Trigger.point({ eventTimeNs: 1e9, preSec: 0.5, postSec: 9, label: 'last' });
    const clip = await media.trigger(trigger);
    expect(clip.isComplete).toBe(false);
    expect(clip.frameCount).toBe(17);
  });

  it('serves a trigger of the very first frame', async () => {
    const source = new PushSource({ capacity: 50 });
    await using media = new VisualBase({ outputDir: inFolder('first') });
    await media.connect(source);
    for (let i = 0; i < 20; i++) await source.push(grey(i));
    source.end();
    let cut: ReturnType<VisualBase['trigger']> | undefined;
    for await (const { tSrcNs } of media.stream()) {
      const trigger = { eventTimeNs: tSrcNs, preSec: 0, postSec: 0.2, label: 'first' };
      cut ??= media.trigger(Trigger.point(trigger));
    }
    expect(await cut).toMatchObject({ frameCount: 5, isComplete: true });
  });

  it('serves a trigger that is followed at once by the end', async () => {
    const source = new PushSource({ capacity: 50 });
    const media = new VisualBase({ outputDir: inFolder('at-once') });
    await media.connect(source);
    for (let i = 0; i < 20; i++) await source.push(grey(i));
    source.end();
    for await (const frame of media.stream()) expect(frame.height).toBe(HEIGHT);
    const trigger = { eventTimeNs: 4e8, preSec: 0.2, postSec: 0.2, label: 'now' };
    const cut = media.trigger(Trigger.point(trigger));
    await media.disconnect();
    expect(await cut).toMatchObject({ frameCount: 10 });
  });

  it('refuses frames of another size', async () => {
    const source = new PushSource();
    await using media = new VisualBase();
    await media.connect(source);
    await source.push(grey(0));
    const data = new Uint8Array(12);
    await source.push(Frame.fromRgb({ frameId: 1, tSrcNs: 9e7, width: 2, height: 2, data }));
    source.end();
    const reading = (async () => {
      for await (const frame of media.stream()) expect(frame.width).toBe(WIDTH);
    })();
    await expect(reading).rejects.toThrow(/after 64x48 came 2x2/);
  });

  it('has nothing to cut before anything was read', async () => {
    await using media = new VisualBase();
    await media.connect(new PushSource());
    const trigger = Trigger.point({ eventTimeNs: 0, preSec: 0, postSec: 1, label: 'x' });
    await expect(media.trigger(trigger)).rejects.toMatchObject({ code: 'VB_CLIP_OUTSIDE' });
  });
});
