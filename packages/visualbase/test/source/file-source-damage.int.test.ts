import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FileSource } from '../../src/source/file-source.ts';
import { makeVideo, type MakeVideoOptions } from '../../src/testing/make-video.ts';
import { readSource, useTempFolder, type ReadSource } from './read-source.ts';

const at = useTempFolder();

/** Writes a copy of a file under another name, changed. */
function alter(path: string, name: string, change: (bytes: Buffer) => Buffer): string {
  const altered = at(name);
  writeFileSync(altered, change(readFileSync(path)));
  return altered;
}

const cutTo =
  (share: number) =>
  (bytes: Buffer): Buffer =>
    bytes.subarray(0, Math.floor(bytes.length * share));

/** Overwrites the middle with bytes that mean nothing. */
function spoil(bytes: Buffer, length: number): Buffer {
  const from = bytes.length >> 1;
  for (let i = from; i < from + length; i++) bytes[i] = (i * 7919) & 255;
  return bytes;
}

/** Puts the index of an MP4 first, as `-movflags faststart` does. */
function indexFirst(mp4: Buffer): Buffer {
  const boxes: Buffer[] = [];
  for (let i = 0; i < mp4.length; i += mp4.readUInt32BE(i)) {
    boxes.push(mp4.subarray(i, i + mp4.readUInt32BE(i)));
  }
  const isIndex = (box: Buffer): boolean => box.toString('latin1', 4, 8) === 'moov';
  const index = boxes.find(isIndex)!;
  // The pictures move back by the size of the index, which therefore has to point further.
  const tableAt = index.indexOf('stco');
  for (let i = 0; i < index.readUInt32BE(tableAt + 8); i++) {
    const entry = tableAt + 12 + i * 4;
    index.writeUInt32BE(index.readUInt32BE(entry) + index.length, entry);
  }
  const [type, ...rest] = boxes.filter((box) => !isIndex(box));
  return Buffer.concat([type!, index, ...rest]);
}

const damageCount = ({ stats }: ReadSource): number => {
  const { packetCount, pictureCount, missingCount, missingNs } = stats.damage;
  return packetCount + pictureCount + missingCount + Math.round((missingNs * 30) / 1e9);
};

describe('opening', () => {
  it('says that there is no file', async () => {
    await expect(FileSource.open(at('nowhere.mp4'))).rejects.toMatchObject({
      code: 'VB_FILE_NOT_FOUND',
      message: expect.stringContaining(at('nowhere.mp4')),
    });
    await expect(FileSource.open(at('nowhere/x.mp4'))).rejects.toMatchObject({
      code: 'VB_FILE_NOT_FOUND',
    });
  });

  it('says that it is a folder', async () => {
    await mkdir(at('folder.mp4'));
    await expect(FileSource.open(at('folder.mp4'))).rejects.toMatchObject({
      code: 'VB_FILE_UNREADABLE',
      message: expect.stringContaining('is a folder'),
    });
  });

  it('says that the file is empty', async () => {
    await writeFile(at('empty.mp4'), '');
    await expect(FileSource.open(at('empty.mp4'))).rejects.toMatchObject({ code: 'VB_FILE_EMPTY' });
  });

  it.each(['notes.txt', 'notes.mp4', 'notes.mkv', 'notes'])(
    'says that text is no video: %s',
    async (name) => {
      await writeFile(at(name), 'Dear diary, today I decoded nothing.\n'.repeat(500));
      await expect(FileSource.open(at(name))).rejects.toMatchObject({
        code: 'VB_NOT_MEDIA',
        details: { path: at(name) },
      });
    },
  );

  it.each(['list.m3u8', 'list.txt'])('follows no references to other files: %s', async (name) => {
    const { path } = await makeVideo({ path: at('target.ts'), frameCount: 3 });
    const text = name.endsWith('m3u8')
      ? `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${path}\n#EXT-X-ENDLIST\n`
      : `ffconcat version 1.0\nfile '${path}'\n`;
    await writeFile(at(name), text);
    await expect(FileSource.open(at(name))).rejects.toMatchObject({ code: 'VB_NOT_MEDIA' });
  });

  it('says that there is only sound', async () => {
    await writeFile(at('sound.wav'), silence(8000));
    await expect(FileSource.open(at('sound.wav'))).rejects.toMatchObject({
      code: 'VB_NO_VIDEO',
      message: expect.stringContaining('only audio'),
    });
  });

  it('says that a recording lost the index at its end', async () => {
    const { path } = await makeVideo({ path: at('whole.mp4') });
    const cut = alter(path, 'cut.mp4', cutTo(0.7));
    await expect(FileSource.open(cut)).rejects.toMatchObject({
      code: 'VB_NOT_MEDIA',
      message: expect.stringContaining('its index may be missing'),
    });
  });
});

/** A WAV file of one channel, 16 bits, 8 kHz. */
function silence(sampleCount: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + sampleCount * 2, 4);
  head.write('WAVEfmt ', 8);
  for (const [value, offset] of [
    [16, 16],
    [8000, 24],
    [16_000, 28],
    [sampleCount * 2, 40],
  ] as const) {
    head.writeUInt32LE(value, offset);
  }
  for (const [value, offset] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ] as const) {
    head.writeUInt16LE(value, offset);
  }
  head.write('data', 36);
  return Buffer.concat([head, Buffer.alloc(sampleCount * 2)]);
}

const CUT: Readonly<Record<string, Omit<MakeVideoOptions, 'path'>>> = {
  'short.mkv': {},
  'short-sound.mkv': { audio: true },
  'short.webm': {},
  'short.avi': { codec: 'mpeg4' },
  'short-index-first.mp4': {},
};

describe('a file that was cut off', () => {
  it.each(Object.entries(CUT))(
    'gives the pictures that are there, and says how many are not: %s',
    async (name, options) => {
      const { path } = await makeVideo({
        path: at(`whole-${name}`),
        gop: 10,
        bFrames: 0,
        ...options,
      });
      const isMp4 = name.endsWith('.mp4');
      const cut = alter(path, name, (bytes) => cutTo(0.6)(isMp4 ? indexFirst(bytes) : bytes));
      const read = await readSource(cut);
      const { length } = read.pictures;
      expect(length).toBeGreaterThan(25);
      expect(length).toBeLessThan(50);
      // The last one may be cut in half.
      for (const { frameId, index } of read.pictures.slice(0, -1)) expect(index).toBe(frameId);
      expect(Math.abs(damageCount(read) - (60 - length))).toBeLessThanOrEqual(3);
      const { missingCount, missingNs } = read.stats.damage;
      expect(missingCount + missingNs).toBeGreaterThan(0);
    },
  );

  it('counts nothing as missing when it was left early', async () => {
    const { path } = await makeVideo({ path: at('long.mkv'), gop: 10 });
    const read = await readSource(alter(path, 'left.mkv', cutTo(0.6)), { endSec: 0.5 });
    expect(read.pictures).toHaveLength(15);
    expect(damageCount(read)).toBe(0);
    expect(read.stats.damage.readError).toBeUndefined();
  });
});

describe('a file with bytes changed in the middle', () => {
  it.each(['spoilt.mp4', 'spoilt.mkv', 'spoilt.ts'])(
    'gives the other pictures and counts the damage: %s',
    async (name) => {
      const { path } = await makeVideo({ path: at(`sound-${name}`), gop: 10 });
      const read = await readSource(alter(path, name, (bytes) => spoil(bytes, 3000)));
      expect(damageCount(read)).toBeGreaterThan(0);
      expect(read.pictures.length).toBeGreaterThan(20);
      for (const { frameId, index } of read.pictures.slice(0, 20)) expect(index).toBe(frameId);
      const times = read.pictures.map(({ tNs }) => tNs);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    },
  );

  it('numbers the pictures behind the damage as if it was not there', async () => {
    const { path } = await makeVideo({ path: at('index.mp4'), gop: 10 });
    const { pictures } = await readSource(alter(path, 'spoilt-index.mp4', (b) => spoil(b, 3000)));
    const last = pictures.slice(-10);
    expect(last.map(({ frameId }) => frameId)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
    expect(last.map(({ index }) => index)).toEqual(last.map(({ frameId }) => frameId));
  });

  it('ends in one error where not a single picture can be decoded', async () => {
    const { path } = await makeVideo({ path: at('plain.mp4'), frameCount: 20 });
    const spoilt = alter(path, 'nothing.mp4', (bytes) => {
      const from = bytes.indexOf('mdat') + 4;
      return bytes.fill(0xff, from, bytes.indexOf('moov') - 4);
    });
    await expect(readSource(spoilt)).rejects.toMatchObject({
      code: 'VB_DECODE_FAILED',
      message: expect.stringContaining('None of the 20 h264 packets'),
      details: { codec: 'h264', packetCount: 20 },
    });
  });
});
