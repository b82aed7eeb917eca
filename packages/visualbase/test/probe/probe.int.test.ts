import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encodeImage } from '../../src/image/encode-image.ts';
import { probe } from '../../src/probe/probe.ts';
import { makeVideo } from '../../src/testing/index.ts';
import { secToNs } from '../../src/time/ns.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();

/** A second of silence, 8 bit, 8 kHz. */
function wave(): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + 8000, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(8000, 40);
  return Buffer.concat([header, Buffer.alloc(8000, 128)]);
}

/** Silent MP3 frames (MPEG-1 layer III, 128 kbit/s, 44.1 kHz) behind an ID3v2.3 tag with a cover. */
async function mp3WithCover(): Promise<Buffer> {
  const data = new Uint8Array(16 * 16 * 3).fill(90);
  const image = { format: 'rgb24', width: 16, height: 16, strideBytes: 48, data } as const;
  const picture = await encodeImage(image, { format: 'png' });
  const body = Buffer.concat([Buffer.from('\0image/png\0\x03\0', 'latin1'), picture]);
  const frameHeader = Buffer.alloc(10);
  frameHeader.write('APIC', 0);
  frameHeader.writeUInt32BE(body.length, 4);
  const size = frameHeader.length + body.length;
  const tag = Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, (size >> 7) & 127, size & 127]);
  const silence = Buffer.alloc(417);
  silence.writeUInt32BE(0xfffb9064, 0);
  return Buffer.concat([tag, frameHeader, body, ...Array<Buffer>(40).fill(silence)]);
}

describe('probe', () => {
  it('tells what a file holds', async () => {
    const path = inFolder('good.mp4');
    await makeVideo({ path, width: 96, height: 64, fps: 25, frameCount: 50, audio: true });
    expect(await probe(path)).toMatchObject({
      path,
      container: expect.stringContaining('mp4') as string,
      durationNs: secToNs(2),
      video: {
        codec: 'h264',
        width: 96,
        height: 64,
        rotationDeg: 0,
        fps: 25,
        frameCount: 50,
        pixelFormat: 'yuv420p',
        startNs: 0,
      },
      audio: { codec: 'aac', sampleRateHz: 48_000, channels: 1 },
    });
  });

  it.each([90, 180, 270] as const)(
    'gives the upright size of a video turned by %i',
    async (deg) => {
      const path = inFolder(`turned-${deg}.mp4`);
      await makeVideo({ path, width: 64, height: 96, frameCount: 2, rotationDeg: deg });
      expect((await probe(path)).video).toMatchObject({ rotationDeg: deg, width: 64, height: 96 });
    },
  );

  it('takes a colon in a name for a part of the name', async () => {
    const path = inFolder('12:30.mp4');
    await makeVideo({ path, frameCount: 2 });
    expect((await probe(path)).video.codec).toBe('h264');
  });

  const text = '#!/usr/bin/env node\nThis is no video.\n'.repeat(50);
  const BAD: readonly (readonly [string, string, string, () => Promise<unknown>])[] = [
    ['a missing file', 'missing.mp4', 'VB_FILE_NOT_FOUND', () => Promise.resolve()],
    ['a folder', 'folder.mp4', 'VB_FILE_UNREADABLE', () => mkdir(inFolder('folder.mp4'))],
    ['an empty file', 'empty.mp4', 'VB_FILE_EMPTY', () => writeFile(inFolder('empty.mp4'), '')],
    ['text as .txt', 'text.txt', 'VB_NOT_MEDIA', () => writeFile(inFolder('text.txt'), text)],
    ['text as .mp4', 'text.mp4', 'VB_NOT_MEDIA', () => writeFile(inFolder('text.mp4'), text)],
    ['sound alone', 'sound.wav', 'VB_NO_VIDEO', () => writeFile(inFolder('sound.wav'), wave())],
    [
      'music with a cover',
      'music.mp3',
      'VB_NO_VIDEO',
      async () => writeFile(inFolder('music.mp3'), await mp3WithCover()),
    ],
    [
      'an MP4 file that was cut off before its index',
      'cut.mp4',
      'VB_NOT_MEDIA',
      async () => {
        await makeVideo({ path: inFolder('uncut.mp4'), frameCount: 30 });
        const bytes = await readFile(inFolder('uncut.mp4'));
        await writeFile(inFolder('cut.mp4'), bytes.subarray(0, bytes.length / 2));
      },
    ],
    [
      'a playlist that refers to another file',
      'list.m3u8',
      'VB_NOT_MEDIA',
      async () => {
        await makeVideo({ path: inFolder('part.ts'), frameCount: 30 });
        const list = ['#EXTM3U', '#EXT-X-TARGETDURATION:1', '#EXTINF:1,', 'part.ts'];
        await writeFile(inFolder('list.m3u8'), [...list, '#EXT-X-ENDLIST', ''].join('\n'));
      },
    ],
  ];

  it.each(BAD)('refuses %s (%s) with %s', async (_, name, code, prepare) => {
    await prepare();
    const path = inFolder(name);
    const error: unknown = await probe(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, details: { path } });
    expect((error as Error).message).toContain(path);
  });
});
