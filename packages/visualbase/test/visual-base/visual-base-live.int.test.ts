import { mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/frame/frame.ts';
import { listPictures, makeVideo, readFrameIndex } from '../../src/testing/index.ts';
import { Trigger } from '../../src/trigger/trigger.ts';
import { VisualBase } from '../../src/visual-base/visual-base.ts';
import { TsServer } from '../support/ts-server.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
const SECONDS = 8;
const reconnect = { initialDelayMs: 50, maxDelayMs: 100 };
let path = '';
let server: TsServer;
beforeAll(async () => {
  // Recordings go into the temporary folder; nobody else's shall be there.
  await mkdir(inFolder('temporary'));
  process.env['TMPDIR'] = inFolder('temporary');
  path = inFolder('live.ts');
  const frameCount = SECONDS * 30;
  await makeVideo({ path, width: 160, height: 120, frameCount, gop: 15, audio: true });
});
afterEach(async () => {
  await server?.kill();
});

/** NaN for a picture in the middle of which the connection was lost: its lower part is made up. */
function indexOf(frame: Frame): number {
  try {
    return readFrameIndex(frame);
  } catch {
    return NaN;
  }
}

/** Connects, and reads frames in the background as an app would. */
async function connect(storage: 'memory' | 'disk', maxSec = 30, file = path) {
  server = await TsServer.start(file, SECONDS);
  const media = new VisualBase({ outputDir: inFolder('clips') });
  await media.connect(server.url, { reconnect, record: { storage, maxSec } });
  const indexAt = new Map<number, number>();
  const reading = (async () => {
    for await (const frame of media.stream()) indexAt.set(frame.tSrcNs, indexOf(frame));
  })();
  return { media, indexAt, reading };
}

describe.each(['memory', 'disk'] as const)('a VisualBase on a stream, kept in %s', (storage) => {
  it('cuts what was before the trigger and what comes after it, the same pictures at the same times', async () => {
    const { media, indexAt, reading } = await connect(storage);
    await sleep(2500);
    const eventTimeNs = [...indexAt.keys()].at(-1)!;
    const trigger = Trigger.point({ eventTimeNs, preSec: 1.5, postSec: 1, label: 'visitor' });
    const clip = await media.trigger(trigger);
    expect(clip).toMatchObject({ isComplete: true, gaps: [], hasAudio: true, frameCount: 75 });
    const pictures = await listPictures(clip.path);
    for (const [i, { index, tNs }] of pictures.entries()) {
      const shown = [...indexAt].find(([shownNs]) => Math.abs(shownNs - clip.startNs - tNs) < 2e7);
      expect(index, `picture ${i}`).toBe(shown?.[1]);
    }
    await media.disconnect();
    await reading;
    expect(await readdir(tmpdir())).toEqual([]);
  }, 20_000);
});

describe('a VisualBase on a stream', () => {
  it('serves overlapping triggers, and those that wait when it is disconnected', async () => {
    const { media, reading } = await connect('memory');
    await sleep(1500);
    const { endNs } = media.status.available!;
    const cuts = [0, 1, 2].map((i) => {
      const eventTimeNs = endNs - i * 1e8;
      const trigger = Trigger.point({ eventTimeNs, preSec: 0.5, postSec: 0.5, label: 'again' });
      return media.trigger(trigger);
    });
    const farAhead = Trigger.point({ eventTimeNs: endNs, preSec: 0.5, postSec: 60, label: 'far' });
    const waiting = media.trigger(farAhead);
    expect(media.status.pendingTriggerCount).toBe(4);
    for (const clip of await Promise.all(cuts)) expect(clip.isComplete).toBe(true);
    await media.disconnect();
    expect(await waiting).toMatchObject({ isComplete: false });
    await reading;
  }, 20_000);

  it('cuts across a lost connection, saying where the gap is', async () => {
    const { media, reading } = await connect('memory');
    await sleep(1500);
    await server.kill();
    await sleep(1500);
    await server.restart();
    await sleep(1500);
    const { endNs } = media.status.available!;
    const trigger = Trigger.point({ eventTimeNs: endNs, preSec: 4, postSec: 0.3, label: 'gap' });
    const clip = await media.trigger(trigger);
    expect(clip.gaps).toHaveLength(1);
    const gapNs = clip.gaps[0]!.endNs - clip.gaps[0]!.startNs;
    expect(gapNs).toBeGreaterThan(1.2e9);
    expect(clip.isComplete).toBe(false);
    const times = (await listPictures(clip.path)).map(({ tNs }) => tNs);
    const steps = times.slice(1).map((tNs, i) => tNs - times[i]!);
    expect(steps.filter((step) => step > 1e9)).toHaveLength(1);
    expect(Math.max(...steps)).toBeCloseTo(gapNs, -7);
    await media.disconnect();
    await reading;
  }, 20_000);

  it.each([false, true])(
    'looks back at frames that have been (open groups: %s)',
    async (openGop) => {
      const file = inFolder(`open-${openGop}.ts`);
      const frameCount = SECONDS * 30;
      await makeVideo({
        path: file,
        width: 160,
        height: 120,
        frameCount,
        gop: 15,
        bFrames: 3,
        openGop,
      });
      const { media, indexAt, reading } = await connect('memory', 30, file);
      await sleep(2500);
      const past = await media.query({ startNs: 6e8, endNs: 1.2e9 });
      let count = 0;
      for await (const frame of past) {
        const shown = [...indexAt].find(([shownNs]) => Math.abs(shownNs - frame.tSrcNs) < 20_000);
        expect(readFrameIndex(frame)).toBe(shown?.[1]);
        count += 1;
      }
      expect(count).toBe(18);
      await media.disconnect();
      await reading;
    },
  );

  it('keeps no more than it was told, and says what it no longer has', async () => {
    const { media, reading } = await connect('memory', 1);
    await sleep(3500);
    const { available } = media.status;
    expect(available!.endNs - available!.startNs).toBeLessThan(2e9);
    const old = Trigger.point({ eventTimeNs: 2e8, preSec: 0.1, postSec: 0.1, label: 'old' });
    await expect(media.trigger(old)).rejects.toMatchObject({ code: 'VB_CLIP_OUTSIDE' });
    await media.disconnect();
    await reading;
  });

  it('serves a trigger on what is held up by its reader, however slow that is', async () => {
    await using media = new VisualBase({ outputDir: inFolder('slow') });
    await media.connect('lavfi:testsrc2=size=64x48:rate=30:duration=6', { overflow: 'wait' });
    let cut: ReturnType<VisualBase['trigger']> | undefined;
    for await (const { frameId, tSrcNs } of media.stream()) {
      const trigger = { eventTimeNs: tSrcNs, preSec: 0.5, postSec: 2, label: 'slow' };
      if (frameId === 30) cut = media.trigger(Trigger.point(trigger));
      if (frameId < 90) await sleep(45);
    }
    expect(await cut).toMatchObject({ isComplete: true, frameCount: 75 });
  }, 20_000);

  it('ends a connection that is still being made when it is disconnected', async () => {
    server = await TsServer.start(path, SECONDS);
    const media = new VisualBase();
    const connecting = media.connect(server.url, { reconnect });
    await media.disconnect();
    await connecting;
    expect(media.status.isConnected).toBe(false);
  });

  it('gives a waiting trigger up when it is aborted', async () => {
    const { media, reading } = await connect('memory');
    const controller = new AbortController();
    const trigger = Trigger.point({ eventTimeNs: 5e9, preSec: 1, postSec: 60, label: 'never' });
    const cut = media.trigger(trigger, { outputDir: inFolder('none'), signal: controller.signal });
    setTimeout(() => controller.abort(new Error('no more')), 100);
    await expect(cut).rejects.toThrow('no more');
    await media.disconnect();
    await reading;
  });
});
