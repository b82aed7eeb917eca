import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractClips, type ClipOutcome, type ClipProgress } from '../../src/clip/extract-clips.ts';
import { listPictures, makeVideo } from '../../src/testing/index.ts';
import { secToNs } from '../../src/time/ns.ts';
import { Trigger } from '../../src/trigger/trigger.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
let source = '';
beforeAll(async () => {
  source = inFolder('source.mp4');
  await makeVideo({ path: source, frameCount: 90, gop: 15 });
});

const range = (startSec: number, endSec: number) => ({
  what: { startNs: secToNs(startSec), endNs: secToNs(endSec) },
});
const clipOf = (outcome: ClipOutcome | undefined) => {
  if (outcome?.status !== 'done') throw new Error('The clip failed.', { cause: outcome });
  return outcome.clip;
};

describe('extractClips', () => {
  it.each([1, 2, 5])('cuts clips in order of the requests, %d at a time', async (concurrency) => {
    const requests = [0.1, 1.3, 0.7, 2, 1.9].map((sec) => range(sec, sec + 0.5));
    const outputDir = inFolder(`order-${concurrency}`);
    const progress: ClipProgress[] = [];
    const outcomes = await extractClips(source, requests, {
      ...{ outputDir, concurrency, onProgress: (step) => progress.push(step) },
    });
    const clips = outcomes.map(clipOf);
    expect(clips.map(({ requestedStartNs }) => requestedStartNs)).toEqual(
      requests.map(({ what }) => what.startNs),
    );
    expect(new Set(clips.map(({ path }) => path)).size).toBe(5);
    for (const { path, frameCount } of clips) {
      expect(await listPictures(path)).toHaveLength(frameCount);
    }
    expect(progress.map(({ doneCount }) => doneCount)).toEqual([1, 2, 3, 4, 5]);
    expect(progress.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4]);
    for (const { index, outcome, totalCount } of progress) {
      expect(outcome).toBe(outcomes[index]);
      expect(totalCount).toBe(5);
    }
  });

  it('loses no clip to one that fails', async () => {
    const outcomes = await extractClips(source, [range(0.2, 1), range(50, 51), range(1.2, 2)], {
      outputDir: inFolder('failing'),
    });
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
    expect(outcomes[1]).toMatchObject({ error: { code: 'VB_CLIP_OUTSIDE' } });
    expect(await readdir(inFolder('failing'))).toHaveLength(2);
  });

  it('takes names, paths, triggers and settings', async () => {
    const trigger = Trigger.point({
      eventTimeNs: secToNs(1),
      preSec: 0.5,
      postSec: 0.5,
      label: 'hi',
    });
    const requests = [
      { what: trigger },
      { ...range(1, 2), name: 'second' },
      { ...range(1, 2), path: inFolder('exact.mp4') },
    ];
    const options = { outputDir: inFolder('named'), container: 'mkv', method: 'encode' } as const;
    const clips = (await extractClips(source, requests, options)).map(clipOf);
    expect(clips.map(({ path }) => path)).toEqual([
      inFolder('named', 'hi.mkv'),
      inFolder('named', 'second.mkv'),
      inFolder('exact.mp4'),
    ]);
    expect(clips.map(({ method }) => method)).toEqual(['encode', 'encode', 'encode']);
  });

  it('keeps finished clips when it is aborted, and begins no others', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const outputDir = inFolder('aborted');
    const requests = Array.from({ length: 6 }, (_, i) => range(0.1 * i, 0.1 * i + 1));
    const outcomes = await extractClips(source, requests, {
      ...{ outputDir, concurrency: 1, signal: controller.signal },
      onProgress: ({ doneCount }) => {
        if (doneCount === 2) controller.abort(reason);
      },
    });
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['done', 'done', 'failed', 'failed', 'failed', 'failed'],
    ]);
    for (const outcome of outcomes.slice(2)) expect(outcome).toMatchObject({ error: reason });
    expect(await readdir(outputDir)).toHaveLength(2);
  });

  it('passes on what onProgress throws, and begins no other clip', async () => {
    const outputDir = inFolder('thrown');
    const broken = new Error('no screen');
    const all = extractClips(source, [range(0, 1), range(1, 2), range(2, 3)], {
      ...{ outputDir, concurrency: 1 },
      onProgress: () => {
        throw broken;
      },
    });
    await expect(all).rejects.toBe(broken);
    expect(await readdir(outputDir)).toHaveLength(1);
  });

  it('gives nothing for nothing', async () => {
    expect(await extractClips(source, [], { outputDir: inFolder('none') })).toEqual([]);
  });

  it.each([
    [[range(0, 1)], { concurrency: 0 }, /concurrency.*0/],
    [[range(0, 1), range(1, 1)], {}, /must end after its start/],
    [[{ ...range(0, 1), name: 'a', path: 'a.mp4' }], {}, /either a name or a path/],
  ])('refuses %o with %o before anything is cut', async (requests, options, message) => {
    const outputDir = inFolder('refused');
    await expect(extractClips(source, requests, { outputDir, ...options })).rejects.toThrow(
      message,
    );
    expect(await readdir(inFolder())).not.toContain('refused');
  });

  it('refuses a clip that goes nowhere', async () => {
    await expect(extractClips(source, [range(0, 1)], {})).rejects.toThrow(/has no path/);
  });
});
