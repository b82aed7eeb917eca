import { open, type FileHandle } from 'node:fs/promises';

const HEADER_BYTES = 16;
const CONTAINERS = new Set(['trak', 'edts']);

/** A length in seconds, as a fraction, so that it is exact in any unit. */
export interface ExactSeconds {
  readonly num: bigint;
  readonly den: bigint;
}

/**
 * Makes the first track of an MP4 file end after `shown`, whatever is stored behind: sets the length
 * of its edit list, and the lengths that the headers announce. Nothing moves in the file.
 *
 * @param path - A finished MP4 file whose first track has an edit list.
 * @throws RangeError when the file has no such list; system errors of reading and writing.
 */
export async function setShownLength(path: string, shown: ExactSeconds): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { offset, bytes } = await readIndex(file);
    setLength(bytes, shown);
    await file.write(bytes, 0, bytes.length, offset);
  } finally {
    await file.close();
  }
}

async function readIndex(file: FileHandle): Promise<{ offset: number; bytes: Buffer }> {
  const { size } = await file.stat();
  const header = Buffer.alloc(HEADER_BYTES);
  for (let offset = 0; offset + 8 <= size;) {
    await file.read(header, 0, HEADER_BYTES, offset);
    const short = header.readUInt32BE(0);
    const length =
      short === 1 ? Number(header.readBigUInt64BE(8)) : short === 0 ? size - offset : short;
    if (header.toString('latin1', 4, 8) === 'moov') {
      const bytes = Buffer.alloc(length);
      await file.read(bytes, 0, length, offset);
      return { offset, bytes };
    }
    offset += Math.max(8, length);
  }
  throw new RangeError('The file has no index (moov).');
}

/** Changes the bytes of a whole `moov` box. */
export function setLength(moov: Buffer, { num, den }: ExactSeconds): void {
  let ticks = 0n;
  const lengths: LengthField[] = [];
  let editCount = 0;
  walk(moov, 8, moov.length, (type, at) => {
    if (type === 'mvhd') {
      lengths.push(lengthField(moov, at, { short: 16, long: 24 }));
      const scale = BigInt(moov.readUInt32BE(at + (moov[at] === 1 ? 20 : 12)));
      ticks = (num * scale * 2n + den) / (den * 2n);
    } else if (type === 'tkhd') {
      lengths.push(lengthField(moov, at, { short: 20, long: 28 }));
    } else if (type === 'elst' && lengths.length === 2) {
      editCount += setEdits(moov, at, ticks);
    }
  });
  const [movie, first, ...others] = lengths;
  if (movie === undefined || first === undefined || editCount === 0) {
    throw new RangeError('The first track of the file has no edit list to shorten.');
  }
  first.write(ticks);
  movie.write(others.reduce((most, other) => (other.read() > most ? other.read() : most), ticks));
}

function walk(
  bytes: Buffer,
  from: number,
  to: number,
  visit: (type: string, at: number) => void,
): void {
  for (let at = from; at + 8 <= to;) {
    const length = bytes.readUInt32BE(at);
    if (length < 8) return;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (CONTAINERS.has(type)) walk(bytes, at + 8, at + length, visit);
    else visit(type, at + 8);
    at += length;
  }
}

/** Gives the last edit what the ones before leave. Returns how many there are. */
function setEdits(bytes: Buffer, at: number, ticks: bigint): number {
  const isLong = bytes[at] === 1;
  const count = bytes.readUInt32BE(at + 4);
  const entryBytes = isLong ? 20 : 12;
  let left = ticks;
  for (let i = 0; i < count; i++) {
    const field = fieldAt(bytes, at + 8 + i * entryBytes, isLong);
    if (i === count - 1 || field.read() > left) field.write(left);
    left -= field.read();
  }
  return count;
}

interface LengthField {
  read(): bigint;
  write(value: bigint): void;
}

function lengthField(
  bytes: Buffer,
  at: number,
  offset: { short: number; long: number },
): LengthField {
  const isLong = bytes[at] === 1;
  return fieldAt(bytes, at + (isLong ? offset.long : offset.short), isLong);
}

function fieldAt(bytes: Buffer, at: number, isLong: boolean): LengthField {
  return isLong
    ? {
        read: () => bytes.readBigUInt64BE(at),
        write: (value) => void bytes.writeBigUInt64BE(value, at),
      }
    : {
        read: () => BigInt(bytes.readUInt32BE(at)),
        write: (value) => void bytes.writeUInt32BE(Number(value), at),
      };
}
