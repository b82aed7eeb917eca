import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { setLength, setShownLength } from '../../src/clip/edit-list.ts';
import { listPictures, makeVideo } from '../../src/testing/index.ts';
import { probe } from '../../src/probe/probe.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();

const box = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length + 8);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
};
const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
  return bytes;
};
const track = (lengthTicks: number, ...edits: [number, number][]): Buffer =>
  box(
    'trak',
    box('tkhd', words(7, 0, 0, 1, 0, lengthTicks, 0, 0)),
    box('edts', box('elst', words(0, edits.length, ...edits.flatMap((edit) => [...edit, 65536])))),
    box('mdia', words(1, 2, 3)),
  );
const movie = (...tracks: Buffer[]): Buffer =>
  box('moov', box('mvhd', words(0, 0, 0, 1000, 2500, 65536)), ...tracks);

describe('setLength', () => {
  it('sets the edit of the first track, and the lengths in the headers', () => {
    const moov = movie(track(2500, [2500, 100]), track(1800, [1800, 0]));
    setLength(moov, { num: 3n, den: 2n });
    expect(moov).toEqual(
      box(
        'moov',
        box('mvhd', words(0, 0, 0, 1000, 1800, 65536)),
        track(1500, [1500, 100]),
        track(1800, [1800, 0]),
      ),
    );
  });

  it('gives the last edit what an empty one before leaves', () => {
    const moov = movie(track(2500, [400, 0xffffffff], [2100, 0]));
    setLength(moov, { num: 1n, den: 1n });
    expect(moov.includes(track(1000, [400, 0xffffffff], [600, 0]))).toBe(true);
  });

  it('reads and writes 64-bit fields', () => {
    const long = (value: number): Buffer => words(0, value);
    const make = (ticks: number): Buffer =>
      box(
        'moov',
        box('mvhd', words(1 << 24), long(0), long(0), words(1000), long(ticks)),
        box(
          'trak',
          box('tkhd', words(1 << 24), long(0), long(0), words(1, 0), long(ticks)),
          box('edts', box('elst', words(1 << 24, 1), long(ticks), long(5), words(65536))),
        ),
      );
    const moov = make(9000);
    setLength(moov, { num: 5n, den: 1n });
    expect(moov).toEqual(make(5000));
  });

  it('refuses a file without an edit list', () => {
    const moov = movie(box('trak', box('tkhd', words(7, 0, 0, 1, 0, 2500))));
    expect(() => setLength(moov, { num: 1n, den: 1n })).toThrow(/no edit list/);
  });
});

describe('setShownLength', () => {
  it('makes players stop earlier, and moves nothing', async () => {
    const path = inFolder('video.mp4');
    await makeVideo({ path, frameCount: 60, gop: 60 });
    const before = await readFile(path);
    await setShownLength(path, { num: 4n, den: 3n });
    expect((await readFile(path)).length).toBe(before.length);
    expect(await listPictures(path)).toHaveLength(40);
    expect(Math.abs((await probe(path)).durationNs - 4e9 / 3)).toBeLessThan(1e6);
  });

  it('refuses what is no MP4 file', async () => {
    const path = inFolder('text.mp4');
    await writeFile(path, 'There is nothing in here that looks like a box.');
    await expect(setShownLength(path, { num: 1n, den: 1n })).rejects.toThrow(/moov/);
  });
});
