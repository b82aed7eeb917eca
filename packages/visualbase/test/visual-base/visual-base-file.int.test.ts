import { beforeAll, describe, expect, it } from 'vitest';
import { listPictures, makeVideo, readFrameIndex } from '../../src/testing/index.ts';
import { Trigger } from '../../src/trigger/trigger.ts';
import { VisualBase } from '../../src/visual-base/visual-base.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
const SMILE = Trigger.point({ eventTimeNs: 1e9, preSec: 0.5, postSec: 0.5, label: 'smile' });
let path = '';
beforeAll(async () => {
  path = inFolder('talk.mp4');
  await makeVideo({ path, width: 160, height: 120, frameCount: 90 });
});

describe('a VisualBase on a file', () => {
  it('streams, looks back and cuts, whenever it likes', async () => {
    await using media = new VisualBase({ outputDir: inFolder('clips') });
    await media.connect(path, { fps: 10 });
    expect(media.status).toMatchObject({
      isConnected: true,
      kind: 'file',
      available: { endNs: 3e9 },
    });
    let count = 0;
    for await (const frame of media.stream()) count += frame.frameId % 3 === 0 ? 1 : 0;
    expect(count).toBe(30);
    expect(media.status.nowNs).toBe(2_900_000_000);
    const clip = await media.trigger(SMILE);
    expect(clip).toMatchObject({ startNs: 5e8, frameCount: 30, isComplete: true, gaps: [] });
    expect(await listPictures(clip.path)).toHaveLength(30);
    const past = await media.query({ startNs: 1e9, endNs: 1.2e9 });
    const indices: number[] = [];
    for await (const frame of past) indices.push(readFrameIndex(frame));
    expect(indices).toEqual([30, 31, 32, 33, 34, 35]);
  });

  it('cuts many overlapping triggers at once, each complete', async () => {
    await using media = new VisualBase({ outputDir: inFolder('many') });
    await media.connect(path);
    const triggers = [0.4, 0.5, 0.6, 0.7, 0.8].map((sec) =>
      Trigger.point({ eventTimeNs: sec * 1e9, preSec: 0.4, postSec: 0.6, label: 'again' }),
    );
    const clips = await Promise.all(triggers.map((trigger) => media.trigger(trigger)));
    expect(new Set(clips.map((clip) => clip.path)).size).toBe(5);
    expect(clips.every(({ isComplete, frameCount }) => isComplete && frameCount === 30)).toBe(true);
  });

  it('says when a trigger reaches beyond the file', async () => {
    await using media = new VisualBase({ outputDir: inFolder('beyond') });
    await media.connect(path);
    const late = Trigger.point({ eventTimeNs: 2.9e9, preSec: 1, postSec: 5, label: 'late' });
    const clip = await media.trigger(late);
    expect(clip.isComplete).toBe(false);
    expect(clip.endNs).toBe(3e9);
    expect(clip.requestedEndNs).toBe(7.9e9);
  });

  it('is used only while it is connected, and to one thing at a time', async () => {
    const media = new VisualBase();
    await expect(media.trigger(SMILE)).rejects.toMatchObject({ code: 'VB_NOT_CONNECTED' });
    await media.connect(path);
    await expect(media.connect(path)).rejects.toMatchObject({ code: 'VB_NOT_CONNECTED' });
    await media.disconnect();
    expect(media.status.isConnected).toBe(false);
    expect(() => media.stream()).toThrow(/connect\(\)/);
    await media.connect(path);
    await media.disconnect();
  });

  it('tells what is wrong with what it shall connect to, and can connect after that', async () => {
    await using media = new VisualBase();
    await expect(media.connect(inFolder('missing.mp4'))).rejects.toMatchObject({
      code: 'VB_FILE_NOT_FOUND',
    });
    await media.connect(path);
  });
});
