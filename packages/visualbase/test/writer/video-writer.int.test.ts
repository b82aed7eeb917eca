import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAll } from '../../src/av/decode-all.ts';
import type { RgbImage } from '../../src/frame/image.ts';
import { probe } from '../../src/probe/probe.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { listBeeps, listPackets, listPictures, makeVideo } from '../../src/testing/index.ts';
import { secToNs } from '../../src/time/ns.ts';
import { VideoWriter } from '../../src/writer/video-writer.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
const run = promisify(execFile);
const MODULE = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const MS = 1_000_000;
let source = '';
beforeAll(async () => {
  source = inFolder('source.mp4');
  await makeVideo({ path: source, width: 320, height: 240, frameCount: 60, audio: true });
});

/** One colour all over. */
function plain(width: number, height: number, rgb: readonly number[], padding = 0): RgbImage {
  const strideBytes = width * 3 + padding;
  const data = new Uint8Array(strideBytes * height).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(rgb, y * strideBytes + x * 3);
  }
  return { format: 'rgb24', width, height, strideBytes, data };
}

async function copySource(writer: VideoWriter, startSec = 0): Promise<number[]> {
  const times: number[] = [];
  await using video = await FileSource.open(source, { startSec });
  for await (const frame of video) {
    await writer.write(frame, frame.tSrcNs);
    times.push(frame.tSrcNs);
  }
  return times;
}

describe('VideoWriter', () => {
  it.each(['mp4', 'mkv'])('writes every picture at its time, in order (.%s)', async (ending) => {
    const path = inFolder('out', `copy.${ending}`);
    const writer = await VideoWriter.open(path, { width: 320, height: 240 });
    const times = await copySource(writer);
    expect(await readdir(inFolder('out'))).not.toContain(`copy.${ending}`);
    const written = await writer.finish();
    expect(written).toMatchObject({ path, frameCount: 60, startNs: 0, hasAudio: false });
    expect(Math.abs(written.durationNs - secToNs(2))).toBeLessThan(100);
    expect(written.sizeBytes).toBe((await readFile(path)).length);
    const found = await listPictures(path);
    expect(found.map(({ index }) => index)).toEqual(times.map((_, i) => i));
    found.forEach(({ tNs }, i) => {
      expect(Math.abs(tNs - times[i]!)).toBeLessThan(ending === 'mp4' ? 1000 : 1.1 * MS);
    });
    const { durationNs, video } = await probe(path);
    expect(Math.abs(durationNs - secToNs(2))).toBeLessThan(1.1 * MS);
    expect(video).toMatchObject({ codec: 'h264', pixelFormat: 'yuv420p', width: 320, height: 240 });
  });

  it('takes uneven times, from any start, and an end', async () => {
    const path = inFolder('uneven.mp4');
    const timesNs = [5_000_000_000, 5_033_333_333, 5_100_000_000, 7_000_000_123, 7_000_100_000];
    const writer = await VideoWriter.open(path, { width: 64, height: 48 });
    for (const tNs of timesNs) await writer.write(plain(64, 48, [90, 90, 90]), tNs);
    const written = await writer.finish({ endNs: 8_000_000_000 });
    expect(written).toMatchObject({ startNs: timesNs[0], durationNs: 3e9, frameCount: 5 });
    const found: number[] = [];
    await decodeAll(path, (tNs) => found.push(tNs));
    expect(found).toHaveLength(5);
    found.forEach((tNs, i) => {
      expect(Math.abs(tNs - (timesNs[i]! - timesNs[0]!))).toBeLessThan(1000);
    });
    expect((await probe(path)).durationNs).toBe(3e9);
  });

  it.each([
    [200, 40, 40],
    [40, 200, 40],
    [40, 40, 200],
    [128, 128, 128],
  ])('keeps the colour %d %d %d', async (...rgb) => {
    for (const height of [96, 720]) {
      const path = inFolder('colour.mp4');
      await using writer = await VideoWriter.open(path, { width: 128, height, crf: 5 });
      await writer.write(plain(128, height, rgb, 32), 0);
      await writer.finish();
      await decodeAll(path, (_, { data }) => {
        const middle = (height >> 1) * 128 * 3 + 64 * 3;
        rgb.forEach((value, i) => expect(Math.abs(data[middle + i]! - value)).toBeLessThan(6));
      });
    }
  });

  it('leaves the last pixel of odd sides out', async () => {
    const path = inFolder('odd.mp4');
    const writer = await VideoWriter.open(path, { width: 161, height: 91 });
    for (let i = 0; i < 5; i++) await writer.write(plain(161, 91, [10, 200, 90]), i * 40 * MS);
    await writer.finish();
    expect((await probe(path)).video).toMatchObject({ width: 160, height: 90 });
    expect((await listPackets(path)).length).toBe(5);
  });

  it.each(['mp4', 'mkv'])('takes the sound of the times of its pictures (.%s)', async (ending) => {
    const path = inFolder(`sound.${ending}`);
    const writer = await VideoWriter.open(path, { width: 320, height: 240, audioFrom: source });
    await copySource(writer, 0.5);
    const { startNs, durationNs, hasAudio } = await writer.finish();
    expect([startNs, hasAudio]).toEqual([secToNs(0.5), true]);
    const wanted = (await listBeeps(source)).filter(
      ({ tNs }) => tNs >= startNs + 30 * MS && tNs < startNs + durationNs - 45 * MS,
    );
    const found = (await listBeeps(path)).filter(({ tNs }) => tNs >= 30 * MS);
    expect(wanted.length).toBeGreaterThan(2);
    wanted.forEach(({ tNs, pitch }, i) => {
      expect(found[i]).toMatchObject({ pitch });
      expect(Math.abs(found[i]!.tNs - (tNs - startNs))).toBeLessThan(3 * MS);
    });
  });

  it('is silent when the other file is', async () => {
    const silent = inFolder('silent.mp4');
    await makeVideo({ path: silent, frameCount: 5 });
    const path = inFolder('still-silent.mp4');
    const writer = await VideoWriter.open(path, { width: 64, height: 64, audioFrom: silent });
    await writer.write(plain(64, 64, [1, 2, 3]), 0);
    expect((await writer.finish()).hasAudio).toBe(false);
  });

  it('copies the pixels before the call returns', async () => {
    const path = inFolder('borrowed.mp4');
    const writer = await VideoWriter.open(path, { width: 64, height: 64, crf: 5 });
    const image = plain(64, 64, [220, 220, 220]);
    const written = writer.write(image, 0);
    image.data.fill(0);
    await written;
    await writer.finish();
    await decodeAll(path, (_, { data }) => {
      expect(data[0]).toBeGreaterThan(200);
    });
  });

  it('holds back who writes faster than it encodes', async () => {
    const path = inFolder('fast.mp4');
    const writer = await VideoWriter.open(path, { width: 1280, height: 720 });
    const image = plain(1280, 720, [10, 20, 30]);
    let openCount = 0;
    let mostOpen = 0;
    const writes: Promise<void>[] = [];
    for (let i = 0; i < 30; i++) {
      mostOpen = Math.max(mostOpen, ++openCount);
      const written = writer.write(image, i * 33 * MS).then(() => void openCount--);
      writes.push(written);
      if (writes.length > 4) await writes[writes.length - 5];
    }
    await Promise.all(writes);
    expect(mostOpen).toBeGreaterThan(1);
    expect((await writer.finish()).frameCount).toBe(30);
  });
});

describe('a video that is not finished', () => {
  it('leaves nothing behind when it is closed, and closes twice', async () => {
    const folder = inFolder('closed');
    const writer = await VideoWriter.open(inFolder('closed', 'a.mp4'), { width: 64, height: 64 });
    await writer.write(plain(64, 64, [1, 2, 3]), 0);
    await writer.write(plain(64, 64, [1, 2, 3]), 1);
    await Promise.all([writer.close(), writer.close()]);
    expect(await readdir(folder)).toEqual([]);
    await expect(writer.write(plain(64, 64, [1, 2, 3]), 2)).rejects.toMatchObject({
      code: 'VB_CLOSED',
    });
    await expect(writer.finish()).rejects.toMatchObject({ code: 'VB_CLOSED' });
  });

  it('leaves nothing behind when it is aborted, and throws the reason', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const options = { width: 640, height: 480, signal: controller.signal };
    await using writer = await VideoWriter.open(inFolder('aborted', 'a.mkv'), options);
    await writer.write(plain(640, 480, [1, 2, 3]), 0);
    controller.abort(reason);
    await expect(writer.write(plain(640, 480, [1, 2, 3]), 1)).rejects.toBe(reason);
    await writer.close();
    expect(await readdir(inFolder('aborted'))).toEqual([]);
    await expect(VideoWriter.open(inFolder('b.mp4'), options)).rejects.toBe(reason);
  });

  it('keeps a file that was there before', async () => {
    const path = inFolder('kept.mp4');
    await writeFile(path, 'older');
    await using writer = await VideoWriter.open(path, { width: 64, height: 64 });
    await writer.write(plain(64, 64, [1, 2, 3]), 0);
    await writer.close();
    expect(await readFile(path, 'utf8')).toBe('older');
  });

  it('does not keep the process alive', async () => {
    const program = `import { VideoWriter } from ${JSON.stringify(MODULE)};
      const writer = await VideoWriter.open(${JSON.stringify(inFolder('forgotten.mp4'))}, { width: 64, height: 64 });
      const image = { format: 'rgb24', width: 64, height: 64, strideBytes: 192, data: new Uint8Array(192 * 64) };
      for (let i = 0; i < 10; i++) await writer.write(image, i);
      console.log('written');`;
    const args = ['--input-type=module', '-e', program];
    const { stdout } = await run(process.execPath, args, { timeout: 25_000 });
    expect(stdout).toBe('written\n');
  });
});

describe('a video that cannot be written', () => {
  it.skipIf(process.platform === 'win32')(
    'says so, and leaves nothing behind (needs a POSIX shell)',
    async () => {
      const folder = inFolder('full');
      await mkdir(folder);
      const program = `import { VideoWriter } from ${JSON.stringify(MODULE)};
        const writer = await VideoWriter.open(${JSON.stringify(inFolder('full', 'a.mp4'))}, { width: 320, height: 240 });
        const data = new Uint8Array(320 * 240 * 3);
        let code = 'none';
        try {
          for (let i = 0; i < 200; i++) {
            for (let k = 0; k < data.length; k++) data[k] = (k * 7919 * (i + 3)) >> 5;
            await writer.write({ format: 'rgb24', width: 320, height: 240, strideBytes: 960, data }, i * 1e7);
          }
          await writer.finish();
        } catch (error) { code = error.code; }
        await writer.close();
        console.log(code);`;
      const command = 'ulimit -f 200; exec "$0" --input-type=module -e "$1"';
      const { stdout } = await run('sh', ['-c', command, process.execPath, program]);
      expect(stdout).toBe('VB_WRITE_FAILED\n');
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('passes on what is wrong with the file of the sound', async () => {
    const options = { width: 64, height: 64, audioFrom: inFolder('missing.mp4') };
    const writer = VideoWriter.open(inFolder('none.mp4'), options);
    await expect(writer).rejects.toMatchObject({ code: 'VB_FILE_NOT_FOUND' });
    expect(await readdir(inFolder())).not.toContain('none.mp4');
  });

  it.each([
    ['a.avi', { width: 64, height: 64 }, /\.mp4 or \.mkv.*a\.avi/],
    ['a.mp4', { width: 1, height: 64 }, /width.*1/],
    ['a.mp4', { width: 64, height: 0.5 }, /height.*0\.5/],
    ['a.mp4', { width: 64, height: 64, fps: 0 }, /fps.*0/],
    ['a.mp4', { width: 64, height: 64, crf: 99 }, /crf.*99/],
    ['a.mp4', { width: 64, height: 64, preset: 'warp' as 'slow' }, /preset.*"warp"/],
  ])('refuses %s with %o', async (name, options, message) => {
    await expect(VideoWriter.open(inFolder(name), options)).rejects.toThrow(message);
  });

  it('refuses pictures of another size, times that do not increase, and no pictures', async () => {
    await using writer = await VideoWriter.open(inFolder('r.mp4'), { width: 64, height: 64 });
    await expect(writer.finish()).rejects.toThrow(/at least one picture/);
    await expect(writer.write(plain(32, 64, [1, 2, 3]), 0)).rejects.toThrow(/64x64.*32x64/);
    await expect(writer.write(plain(64, 64, [1, 2, 3]), -1)).rejects.toThrow(/from 0.*-1/);
    await writer.write(plain(64, 64, [1, 2, 3]), 50);
    await expect(writer.write(plain(64, 64, [1, 2, 3]), 50)).rejects.toThrow(/later than 50/);
    await expect(writer.finish({ endNs: 50 })).rejects.toThrow(/endNs.*50/);
    expect((await writer.finish({ endNs: MS })).frameCount).toBe(1);
  });
});
