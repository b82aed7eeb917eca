import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAll } from '../../src/av/decode-all.ts';
import { extractClip, type ClipResult } from '../../src/clip/extract-clip.ts';
import { probe } from '../../src/probe/probe.ts';
import { readFrameAt } from '../../src/still/read-frames.ts';
import { listPackets, listPictures, makeVideo, readFrameIndex } from '../../src/testing/index.ts';
import { secToNs } from '../../src/time/ns.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const run = promisify(execFile);
const hasFfmpeg = await run('ffmpeg', ['-version']).then(
  () => true,
  () => false,
);
const inFolder = useTempFolder();

let source = '';
beforeAll(async () => {
  source = inFolder('source.mp4');
  // Key frames at pictures 0, 25, 50, 75.
  await makeVideo({ path: source, frameCount: 100, fps: 25, gop: 25, bFrames: 2, audio: true });
});

const cut = (
  from: string,
  startSec: number,
  endSec: number,
  options: { method?: 'auto' | 'copy' | 'smart' | 'encode'; container?: 'mp4' | 'mkv' } = {},
): Promise<ClipResult> => {
  const range = { startNs: secToNs(startSec), endNs: secToNs(endSec) };
  return extractClip(from, range, { outputDir: inFolder('out'), ...options });
};
const indices = async (path: string): Promise<number[]> =>
  (await listPictures(path)).map(({ index }) => index);
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);
const sizes = async (path: string): Promise<number[]> =>
  (await listPackets(path))
    .filter(({ stream }) => stream === 'video')
    .map(({ sizeBytes }) => sizeBytes);

describe('the method auto', () => {
  it.each([
    [1, 2, 'mp4', 'copy'],
    [1, 1.92, 'mkv', 'smart'],
    [1.2, 2.6, 'mp4', 'smart'],
    [1.2, 1.8, 'mp4', 'encode'],
  ] as const)('cuts %d to %d s in %s by the method %s', async (start, end, container, method) => {
    const clip = await cut(source, start, end, { container });
    expect(clip.method).toBe(method);
    expect(await indices(clip.path)).toEqual(numbers(start * 25, end * 25));
  });

  it('gives H.264 that every player shows, whatever the source', async () => {
    const path = inFolder('444.mp4');
    await makeVideo({ path, frameCount: 30, pixelFormat: 'yuv444p' });
    const clip = await cut(path, 0, 0.5);
    expect(clip.method).toBe('encode');
    expect((await probe(clip.path)).video.pixelFormat).toBe('yuv420p');
  });
});

describe('the method copy', () => {
  it('hides in MP4 what comes before the start, and what the end needs from behind it', async () => {
    const clip = await cut(source, 1.2, 1.96, { method: 'copy' });
    expect(clip).toMatchObject({ method: 'copy', startNs: secToNs(1.2), frameCount: 19 });
    expect(await indices(clip.path)).toEqual(numbers(30, 49));
    const { durationNs, video } = await probe(clip.path);
    expect([durationNs, video.startNs]).toEqual([secToNs(0.76), 0]);
    expect((await sizes(clip.path)).length).toBeGreaterThan(24);
  });

  it('takes over every packet as it is', async () => {
    const clip = await cut(source, 1, 2, { method: 'copy' });
    expect(await sizes(clip.path)).toEqual((await sizes(source)).slice(25, 50));
  });

  it('says in Matroska that the clip begins at the key frame before', async () => {
    const clip = await cut(source, 1.2, 1.92, { method: 'copy', container: 'mkv' });
    expect(clip).toMatchObject({ method: 'copy', startNs: secToNs(1) });
    expect(clip.requestedStartNs).toBe(secToNs(1.2));
    const found = await indices(clip.path);
    expect(found).toEqual(numbers(25, 25 + clip.frameCount));
    expect(found.at(-1)).toBeGreaterThanOrEqual(47);
    expect(clip.endNs).toBe(secToNs((found.at(-1)! + 1) / 25));
  });

  it.each(['hevc', 'vp9', 'mpeg4'] as const)('takes %s as well', async (codec) => {
    const path = inFolder(`${codec}.mp4`);
    await makeVideo({ path, codec, frameCount: 60, gop: 20 });
    const clip = await cut(path, 1, 1.5, { method: 'copy' });
    expect((await probe(clip.path)).video.codec).toBe(codec);
    expect(await indices(clip.path)).toEqual(numbers(30, 45));
  });

  it('tells when the container does not take the codec', async () => {
    const path = inFolder('animation.gif');
    await makeVideo({ path, width: 160, height: 120, fps: 10, frameCount: 10 });
    const error = await cut(path, 0, 0.5, { method: 'copy' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'VB_COPY_IMPOSSIBLE' });
    expect((error as Error).message).toMatch(/mp4.*gif.*auto or encode/);
    expect((await cut(path, 0, 0.5)).method).toBe('encode');
  });

  it('tells when packets do not say when they are shown', async () => {
    const path = inFolder('untimed.avi');
    await makeVideo({ path, codec: 'mpeg4', bFrames: 2, frameCount: 30 });
    await expect(cut(path, 0, 0.5, { method: 'copy' })).rejects.toMatchObject({
      code: 'VB_COPY_IMPOSSIBLE',
    });
  });

  it('refuses a range without pictures', async () => {
    await expect(cut(source, 10, 11, { method: 'copy' })).rejects.toMatchObject({
      code: 'VB_CLIP_OUTSIDE',
    });
  });

  it('cuts a clip out of a clip', async () => {
    const first = await cut(source, 0.52, 3, { method: 'copy' });
    for (const method of ['copy', 'smart', 'encode'] as const) {
      const second = await cut(first.path, 0.2, 1.6, { method });
      expect(await indices(second.path)).toEqual(numbers(18, 53));
    }
  });
});

describe('the method smart', () => {
  it('encodes up to the first key frame and takes the rest over', async () => {
    const clip = await cut(source, 1.2, 3, { method: 'smart' });
    expect(clip).toMatchObject({ method: 'smart', frameCount: 45 });
    const [theirs, ours] = [await sizes(source), await sizes(clip.path)];
    expect(ours).toHaveLength(45);
    expect(ours.slice(20)).toEqual(theirs.slice(50, 75));
    expect(ours.slice(0, 20)).not.toEqual(theirs.slice(30, 50));
  });

  it.each(['mp4', 'mkv'] as const)('keeps the turn of the source in %s', async (container) => {
    const path = inFolder('turned.mp4');
    await makeVideo({ path, rotationDeg: 270, width: 240, height: 320, frameCount: 40, gop: 10 });
    for (const method of ['copy', 'smart', 'encode'] as const) {
      const clip = await cut(path, 0.5, 1, { method, container });
      expect(clip.method).toBe(method);
      const { video } = await probe(clip.path);
      expect(video).toMatchObject({ rotationDeg: 270, width: 240, height: 320 });
    }
  });

  it('encodes what has no closed groups, and says so', async () => {
    const path = inFolder('hevc-smart.mp4');
    await makeVideo({ path, codec: 'hevc', frameCount: 60, gop: 10 });
    const clip = await cut(path, 0.5, 1.5, { method: 'smart' });
    expect(clip.method).toBe('encode');
    expect(await indices(clip.path)).toEqual(numbers(15, 45));
  });
});

/** The pixels of each picture, as bytes of RGB. */
async function pixels(path: string): Promise<Buffer[]> {
  const found: Buffer[] = [];
  await decodeAll(path, (_, { data }) => found.push(Buffer.from(data)));
  return found;
}

function psnr(one: Buffer, other: Buffer): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i]! - other[i]!) ** 2;
  return 10 * Math.log10((255 * 255 * one.length) / sum);
}

describe.each([
  ['h264.mp4', {}],
  ['h264.ts', {}],
  ['h264-late.mkv', { startOffsetSec: 0.7 }],
  ['deep.mp4', { bFrames: 5 }],
  ['plain.mp4', { bFrames: 0 }],
  ['odd.mp4', { width: 322, height: 182 }],
] as const)('a smart cut of %s', (name, options) => {
  let path = '';
  beforeAll(async () => {
    path = inFolder(name);
    await makeVideo({ path, frameCount: 80, fps: 25, gop: 20, ...options });
  });

  it.each(['mp4', 'mkv'] as const)(
    'shows the very pictures of the source in the copied part, and good ones before (%s)',
    async (container) => {
      const clip = await cut(path, 0.5, 2.76, { method: 'smart', container });
      expect(clip.method).toBe('smart');
      const [theirs, ours] = [(await pixels(path)).slice(13, 69), await pixels(clip.path)];
      expect(ours).toHaveLength(theirs.length);
      const values = ours.map((data, i) => psnr(data, theirs[i]!));
      expect(values.slice(0, 7).every((value) => value > 33 && value < Infinity)).toBe(true);
      // In Matroska the last pictures may need one behind the end, and are encoded as well.
      const exact = values.slice(7, container === 'mp4' ? undefined : -6);
      expect(exact.every((value) => value === Infinity)).toBe(true);
      expect(values.every((value) => value > 33)).toBe(true);
    },
  );

  it.skipIf(!hasFfmpeg)(
    'is decoded by the ffmpeg command without a complaint, to the same pictures (needs ffmpeg on the PATH)',
    async () => {
      const hashes = async (file: string): Promise<string[]> => {
        const args = ['-v', 'warning', '-i', file, '-map', '0:v', '-fps_mode', 'passthrough'];
        const { stdout, stderr } = await run('ffmpeg', [...args, '-f', 'framemd5', '-']);
        expect(stderr).toBe('');
        const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        return lines.map((line) => line.split(',').at(-1)!.trim());
      };
      const theirs = (await hashes(path)).slice(13, 69);
      for (const container of ['mp4', 'mkv'] as const) {
        const clip = await cut(path, 0.5, 2.76, { method: 'smart', container });
        const ours = await hashes(clip.path);
        expect(ours).toHaveLength(56);
        expect(ours.slice(7, 50)).toEqual(theirs.slice(7, 50));
      }
    },
  );
});

it.skipIf(!hasFfmpeg)('encodes interlaced pictures (needs ffmpeg on the PATH)', async () => {
  const path = inFolder('interlaced.mp4');
  for (const format of ['yuv420p', 'yuv422p']) {
    const args = ['-c:v', 'libx264', '-g', '20', '-flags', '+ildct+ilme', '-pix_fmt', format];
    await run('ffmpeg', ['-v', 'error', '-y', '-i', source, ...args, path]);
    const clip = await cut(path, 0.52, 2, { method: 'smart' });
    expect(clip).toMatchObject({ method: 'encode', frameCount: 37 });
    expect(await indices(clip.path)).toEqual(numbers(13, 50));
    expect(readFrameIndex(await readFrameAt(path, secToNs(1)))).toBe(25);
  }
});

// Streams as other encoders and programs write them; the codes in the pictures survive.
describe.skipIf(!hasFfmpeg).each([
  ['open groups', 'mp4', 'encode', ['-g', '20', '-x264-params', 'open-gop=1:scenecut=0:bframes=3']],
  ['intra refresh', 'mp4', 'encode', ['-g', '20', '-x264-params', 'intra-refresh=1']],
  ['baseline, slices', 'mp4', 'smart', ['-g', '20', '-profile:v', 'baseline', '-slices', '4']],
  ['Annex B tag avc3', 'mp4', 'smart', ['-g', '20', '-tag:v', 'avc3', '-bsf:v', 'dump_extra']],
  ['fragments', 'mp4', 'smart', ['-g', '20', '-movflags', 'frag_keyframe+empty_moov']],
  ['QuickTime', 'mov', 'smart', ['-g', '20']],
  ['Flash', 'flv', 'smart', ['-g', '20']],
  ['many references', 'mkv', 'smart', ['-g', '20', '-refs', '8', '-bf', '8', '-preset', 'slow']],
  ['set number 1', 'mp4', 'smart', ['-g', '20', '-x264-params', 'sps-id=1']],
  ['full range', 'mp4', 'encode', ['-g', '20', '-vf', 'format=yuvj420p']],
] as const)('a source with %s (needs ffmpeg on the PATH)', (name, ending, smart, args) => {
  it('is cut to the same pictures by every method', async () => {
    const path = inFolder(`${name}.${ending}`);
    await run('ffmpeg', ['-v', 'error', '-i', source, '-c:v', 'libx264', ...args, path]);
    const times = (await listPictures(path)).map(({ tNs }) => tNs);
    for (const [start, end] of [
      [0.48, 2.2],
      [0.8, 1.64],
      [1.04, 3.96],
    ] as const) {
      const inside = (tNs: number): boolean => tNs >= secToNs(start) && tNs < secToNs(end);
      const wanted = times.flatMap((tNs, i) => (inside(tNs) ? [i] : []));
      for (const method of ['auto', 'smart', 'copy', 'encode'] as const) {
        for (const container of ['mp4', 'mkv'] as const) {
          const clip = await cut(path, start, end, { method, container });
          const found = await indices(clip.path);
          if (method === 'smart' && start !== 0.8) expect(clip.method).toBe(smart);
          expect(found).toHaveLength(clip.frameCount);
          if (method === 'copy' && container === 'mkv') {
            expect(found).toEqual(expect.arrayContaining(wanted));
          } else {
            expect([method, container, start, found]).toEqual([method, container, start, wanted]);
          }
        }
      }
    }
  });
});
