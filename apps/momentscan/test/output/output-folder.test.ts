import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HIGHLIGHTS_VERSION, type Highlights } from '../../src/output/highlights-schema.ts';
import { OutputFolder, readHighlights } from '../../src/output/output-folder.ts';

const highlights = (clip: string | null): Highlights => ({
  schema: 'momentscan/highlights',
  version: HIGHLIGHTS_VERSION,
  status: 'complete',
  generator: { name: 'momentscan', version: '0.0.0' },
  source: {
    fileName: 'a.mp4',
    sizeBytes: 1,
    durationSec: 1,
    widthPx: 1,
    heightPx: 1,
    fps: 25,
    videoCodec: 'h264',
    audioCodec: null,
  },
  settings: { fps: 10, maxSidePx: 640, cooldownSec: 2, preSec: 1, postSec: 1, maxClips: null },
  moments: [
    {
      label: 'smile',
      timeSec: 1,
      peakSec: 1,
      startSec: 0,
      endSec: 2,
      score: 1,
      reason: 'r',
      trackId: 1,
      clip,
      still: null,
    },
  ],
  stats: {
    frameCount: 1,
    faceFrameCount: 1,
    scannedSec: 1,
    wallSec: 1,
    timesRealTime: 1,
    peakRssMb: 1,
    stageMs: {},
  },
  problems: [],
});

describe('OutputFolder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'ms out ')), 'deep', 'er');
  });
  afterEach(async () => {
    await rm(path.dirname(path.dirname(folder)), { recursive: true, force: true });
  });

  it('makes the folder, and reads back what it writes', async () => {
    const output = await OutputFolder.prepare(folder);
    await output.writeHighlights(highlights('clips/a.mp4'));
    expect(await readHighlights(path.join(folder, 'highlights.json'))).toEqual(
      highlights('clips/a.mp4'),
    );
    expect((await readdir(folder)).sort()).toEqual(['clips', 'highlights.json', 'stills']);
  });

  it('removes what an earlier scan lists, and nothing else', async () => {
    const output = await OutputFolder.prepare(folder);
    for (const file of ['clips/a.mp4', 'clips/mine.mp4', 'notes.txt']) {
      await writeFile(path.join(folder, file), 'x');
    }
    await output.writeHighlights(highlights('clips/a.mp4'));
    await OutputFolder.prepare(folder);
    expect((await readdir(folder)).sort()).toEqual(['clips', 'notes.txt', 'stills']);
    expect(await readdir(path.join(folder, 'clips'))).toEqual(['mine.mp4']);
  });

  it.each(['../outside.mp4', 'clips/../../outside.mp4', 'notes.txt'])(
    'never removes a file outside its folders, even if the list names it (%s)',
    async (listed) => {
      const output = await OutputFolder.prepare(folder);
      const target = path.resolve(folder, listed);
      await writeFile(target, 'x');
      await output.writeHighlights(highlights(listed));
      await OutputFolder.prepare(folder);
      expect(await readdir(path.dirname(target))).toContain(path.basename(target));
    },
  );

  it.each([
    ['not JSON', '{'],
    ['JSON of another kind', '{"version":1}'],
    ['a later version', JSON.stringify({ ...highlights(null), version: 99 })],
  ])('refuses to touch a folder whose highlights.json is %s', async (_what, text) => {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'highlights.json'), text);
    await expect(OutputFolder.prepare(folder)).rejects.toMatchObject({
      code: 'MS_OUTPUT_UNUSABLE',
    });
  });

  it('says what is in the way when the folder is a file', async () => {
    await mkdir(path.dirname(folder), { recursive: true });
    await writeFile(folder, 'x');
    await expect(OutputFolder.prepare(folder)).rejects.toMatchObject({
      code: 'MS_OUTPUT_UNUSABLE',
      message: expect.stringContaining(folder) as string,
    });
  });
});
