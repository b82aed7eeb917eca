import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { missingBytes } from '../../src/decode/announced-end.ts';
import { makeVideo } from '../../src/testing/make-video.ts';
import { useTempFolder } from '../source/read-source.ts';

const at = useTempFolder();
const MP4 = 'mov,mp4,m4a,3gp,3g2,mj2';
const MATROSKA = 'matroska,webm';

async function write(name: string, ...parts: readonly (Buffer | string)[]): Promise<string> {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')));
  await writeFile(at(name), bytes);
  return at(name);
}

function box(type: string, length: number, body = Math.max(0, length - 8)): Buffer {
  const bytes = Buffer.alloc(8 + body);
  bytes.writeUInt32BE(length, 0);
  bytes.write(type, 4, 'latin1');
  return bytes;
}

describe('missingBytes', () => {
  it.each([
    ['whole.mkv', MATROSKA],
    ['whole.webm', MATROSKA],
    ['whole.mp4', MP4],
    ['whole.gif', 'gif'],
    ['whole.ts', 'mpegts'],
  ])('is 0 for %s as it was written', async (name, container) => {
    const { path } = await makeVideo({ path: at(name), frameCount: 5 });
    expect(await missingBytes(path, container)).toBe(0);
  });

  it('counts what is missing of a Matroska segment, however its length is stored', async () => {
    const header = '\x1a\x45\xdf\xa3\x83abc';
    const segment = '\x18\x53\x80\x67';
    const short = await write('short.mkv', header, segment, '\x8a', Buffer.alloc(4));
    expect(await missingBytes(short, MATROSKA)).toBe(6);
    const long = await write(
      'long.mkv',
      header,
      segment,
      '\x01\0\0\0\0\0\x01\0',
      Buffer.alloc(250),
    );
    expect(await missingBytes(long, MATROSKA)).toBe(6);
  });

  it('believes a Matroska file that leaves its length open, or is none', async () => {
    const header = '\x1a\x45\xdf\xa3\x83abc';
    const open = await write(
      'open.mkv',
      header,
      '\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff',
      'x',
    );
    expect(await missingBytes(open, MATROSKA)).toBe(0);
    for (const text of ['', 'hello', 'hello hello hello']) {
      expect(await missingBytes(await write('text.mkv', text), MATROSKA)).toBe(0);
    }
  });

  it('counts what is missing of the last box of an MP4', async () => {
    const cut = await write('cut.mp4', box('ftyp', 20), box('mdat', 108, 60));
    expect(await missingBytes(cut, MP4)).toBe(40);
    const wide = box('mdat', 1, 8);
    wide.writeBigUInt64BE(1016n, 8);
    expect(await missingBytes(await write('wide.mp4', wide, Buffer.alloc(900)), MP4)).toBe(100);
    expect(await missingBytes(await write('stub.mp4', box('ftyp', 20), 'abc'), MP4)).toBe(5);
  });

  it('believes an MP4 whose last box goes to the end, or is followed by something else', async () => {
    const toEnd = await write('to-end.mp4', box('ftyp', 20), box('mdat', 0, 50));
    expect(await missingBytes(toEnd, MP4)).toBe(0);
    const more = await write('more.mp4', box('ftyp', 20), '\x7f\xff\xff\xff\0\0\0\0 and more');
    expect(await missingBytes(more, MP4)).toBe(0);
  });

  it('misses the end of a GIF, but not where something follows it', async () => {
    expect(await missingBytes(await write('cut.gif', 'GIF89a abcdefghijklmnop'), 'gif')).toBe(1);
    expect(await missingBytes(await write('more.gif', 'GIF89a abc;\0\0\r\n'), 'gif')).toBe(0);
  });
});
