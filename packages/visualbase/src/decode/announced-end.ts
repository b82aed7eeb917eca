import { open, type FileHandle } from 'node:fs/promises';

const EBML_HEADER = 0x1a45dfa3;
const MATROSKA_SEGMENT = 0x18538067;
const GIF_TRAILER = 0x3b;

/**
 * Tells how many bytes a file is shorter than it says itself: what a recording or download that broke
 * off looks like, which FFmpeg reads to its end as if nothing was wrong.
 *
 * @param container - FFmpeg's name. Matroska and WebM, MP4 and QuickTime, and GIF say how long they are.
 * @returns 0 for a whole file, and for one that does not say.
 */
export async function missingBytes(path: string, container: string): Promise<number> {
  const formats = container.split(',');
  const endOf = formats.includes('matroska')
    ? endOfSegment
    : formats.includes('mp4')
      ? endOfBoxes
      : formats.includes('gif')
        ? endOfGif
        : undefined;
  if (endOf === undefined) return 0;
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return Math.max(0, (await endOf(file, size)) - size);
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** Elements are an id, a length, and that many bytes; RFC 8794. The segment holds all but the header. */
async function endOfSegment(file: FileHandle): Promise<number> {
  let at = 0;
  for (;;) {
    const head = await bytesAt(file, at, 12);
    if (head.length < 5) return 0;
    const id = head.readUInt32BE(0);
    const lengthBytes = Math.clz32(head[4]!) - 23;
    if (lengthBytes > 8 || head.length < 4 + lengthBytes) return 0;
    let length = BigInt(head[4]! & (0xff >> lengthBytes));
    for (let i = 1; i < lengthBytes; i++) length = (length << 8n) | BigInt(head[4 + i]!);
    const isUnknown = length === (1n << BigInt(7 * lengthBytes)) - 1n;
    const end = at + 4 + lengthBytes + Number(length);
    if (id === MATROSKA_SEGMENT) return isUnknown ? 0 : end;
    if (id !== EBML_HEADER || isUnknown) return 0;
    at = end;
  }
}

/** Boxes are a length, a type, and the rest of that many bytes; ISO/IEC 14496-12. */
async function endOfBoxes(file: FileHandle, size: number): Promise<number> {
  let at = 0;
  while (at < size) {
    const head = await bytesAt(file, at, 16);
    if (head.length < 8) return at + 8;
    // Some cameras leave other things behind the last box.
    if (!/^[\x20-\x7e\xa9]{4}$/.test(head.toString('latin1', 4, 8))) return 0;
    let length = head.readUInt32BE(0);
    // 0: to the end of the file. 1: the length is too large for its field.
    if (length === 0) return 0;
    if (length === 1) length = head.length < 16 ? 16 : Number(head.readBigUInt64BE(8));
    if (length < 8) return 0;
    at += length;
  }
  return at;
}

async function endOfGif(file: FileHandle, size: number): Promise<number> {
  const tail = await bytesAt(file, Math.max(0, size - 16), 16);
  const last = tail.findLast((byte) => byte !== 0 && byte !== 0x0a && byte !== 0x0d);
  return last === GIF_TRAILER ? size : size + 1;
}
