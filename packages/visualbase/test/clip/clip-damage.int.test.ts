import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { extractClip } from '../../src/clip/extract-clip.ts';
import { makeVideo } from '../../src/testing/make-video.ts';
import { useTempFolder } from '../source/read-source.ts';

const at = useTempFolder();

it('fills no hours of silence before sound that a damaged file puts there', async () => {
  const { path } = await makeVideo({
    ...{ path: at('late.avi'), width: 96, height: 64, frameCount: 30 },
    ...{ codec: 'mpeg4', audio: { codec: 'pcm' } },
  });
  const bytes = readFileSync(path);
  // In the index: the size of the first piece of sound, by which the times of the others are counted.
  bytes.writeUInt32LE(0x5fff_ffff, bytes.indexOf('01wb', bytes.indexOf('idx1')) + 12);
  writeFileSync(path, bytes);
  const beforeKb = process.resourceUsage().maxRSS;
  const clip = await extractClip(path, { startNs: 1e8, endNs: 6e8 }, { path: at('clip.mp4') });
  expect(clip).toMatchObject({ frameCount: 15, hasAudio: false });
  // The silence would take 3 GB.
  expect(process.resourceUsage().maxRSS - beforeKb).toBeLessThan(500_000);
});
