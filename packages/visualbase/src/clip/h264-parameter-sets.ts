// Bytes of H.264 streams (ISO/IEC 14496-10), as files store them: with start codes between the units
// ("Annex B") or with the length before each unit, then with an `avcC` record (ISO/IEC 14496-15).

const SEQUENCE_SET = 7;
const PICTURE_SET = 8;
const IDR_SLICE = 5;
const MESSAGES = 6;
const RECOVERY_POINT = 6;
const MAX_PICTURE_SETS = 255;
const MAX_SEQUENCE_SETS = 31;

/** How the packets of a stream store their units. */
export type H264Layout =
  { readonly kind: 'start-codes' } | { readonly kind: 'lengths'; readonly lengthBytes: 1 | 2 | 4 };

/** Tells by a stream's extradata how its packets store their units; undefined if it is neither way. */
export function h264LayoutOf(extradata: Uint8Array | null): H264Layout | undefined {
  if (extradata === null || extradata.length < 7) return undefined;
  if (extradata[0] === 1) {
    const lengthBytes = (extradata[4]! & 3) + 1;
    return lengthBytes === 3
      ? undefined
      : { kind: 'lengths', lengthBytes: lengthBytes as 1 | 2 | 4 };
  }
  const hasStartCode = extradata[0] === 0 && extradata[1] === 0 && extradata[2]! <= 1;
  return hasStartCode ? { kind: 'start-codes' } : undefined;
}

/** Splits bytes with start codes into units. */
export function splitByStartCodes(bytes: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let start = -1;
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i + 2]! > 1) i += 2;
    else if (bytes[i] === 0 && bytes[i + 1] === 0 && bytes[i + 2] === 1) {
      if (start >= 0) units.push(withoutZeros(bytes.subarray(start, i)));
      start = i + 3;
      i += 2;
    }
  }
  if (start >= 0) units.push(withoutZeros(bytes.subarray(start)));
  return units.filter((unit) => unit.length > 0);
}

/** Zeros before a start code belong to the start code; no unit ends in one. */
function withoutZeros(unit: Uint8Array): Uint8Array {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}

/**
 * Splits bytes with lengths into units.
 *
 * @throws RangeError when a length leads beyond the end.
 */
export function splitByLengths(bytes: Uint8Array, lengthBytes: number): Uint8Array[] {
  const units: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    let length = 0;
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[at + i] ?? Infinity);
    at += lengthBytes;
    if (at + length > bytes.length) {
      throw new RangeError(`A unit of ${length} bytes at ${at} does not fit into ${bytes.length}.`);
    }
    if (length > 0) units.push(bytes.subarray(at, at + length));
    at += length;
  }
  return units;
}

/** Splits a packet into units. @throws RangeError when it is damaged. */
function splitPacket(bytes: Uint8Array, layout: H264Layout): Uint8Array[] {
  return layout.kind === 'lengths'
    ? splitByLengths(bytes, layout.lengthBytes)
    : splitByStartCodes(bytes);
}

/** Whether a packet holds a picture before which a decoder forgets everything. */
export function isIdr(bytes: Uint8Array, layout: H264Layout): boolean {
  try {
    return splitPacket(bytes, layout).some((unit) => (unit[0]! & 31) === IDR_SLICE);
  } catch {
    return false;
  }
}

/**
 * Whether a packet is a place to begin at only after some more: with intra refresh a stripe of each
 * picture is coded anew, and what is marked as a key frame is the first of the stripes.
 */
export function beginsRefresh(bytes: Uint8Array, layout: H264Layout): boolean {
  try {
    const units = splitPacket(bytes, layout);
    return units.some((unit) => (unit[0]! & 31) === MESSAGES && recoveryCount(unit) > 0);
  } catch {
    return false;
  }
}

/** The number of pictures until all is there, from a unit of messages (SEI); 0 if it does not say. */
function recoveryCount(unit: Uint8Array): number {
  let at = 1;
  const readSum = (): number => {
    let sum = 0;
    while (unit[at] === 0xff) {
      sum += 0xff;
      at += 1;
    }
    sum += unit[at] ?? 0;
    at += 1;
    return sum;
  };
  while (at + 2 < unit.length) {
    const [type, length] = [readSum(), readSum()];
    if (type === RECOVERY_POINT) return readExpGolomb(unit, at);
    at += length;
  }
  return 0;
}

/**
 * Stores the units of an encoder's packet, which come with start codes, in another layout.
 *
 * @throws RangeError when a unit is too long for the bytes that its length has.
 */
export function relayPacket(bytes: Uint8Array, layout: H264Layout): Uint8Array {
  if (layout.kind === 'start-codes') return bytes;
  const units = splitByStartCodes(bytes);
  const { lengthBytes } = layout;
  const total = units.reduce((sum, unit) => sum + lengthBytes + unit.length, 0);
  const out = Buffer.alloc(total);
  let at = 0;
  for (const unit of units) {
    if (unit.length >= 256 ** lengthBytes) {
      throw new RangeError(`A unit of ${unit.length} bytes has no length of ${lengthBytes} bytes.`);
    }
    out.writeUIntBE(unit.length, at, lengthBytes);
    out.set(unit, at + lengthBytes);
    at += lengthBytes + unit.length;
  }
  return out;
}

/** Parameter sets of a stream. */
export interface H264ParameterSets {
  readonly sequence: readonly Uint8Array[];
  readonly picture: readonly Uint8Array[];
}

/** Reads the parameter sets out of extradata. @throws RangeError when it is damaged. */
export function readParameterSets(extradata: Uint8Array): H264ParameterSets {
  const units = extradata[0] === 1 ? unitsOfRecord(extradata) : splitByStartCodes(extradata);
  const ofType = (type: number): Uint8Array[] => units.filter((unit) => (unit[0]! & 31) === type);
  return { sequence: ofType(SEQUENCE_SET), picture: ofType(PICTURE_SET) };
}

function unitsOfRecord(record: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let at = 5;
  for (const mask of [31, 255]) {
    const count = (record[at] ?? 0) & mask;
    at += 1;
    for (let i = 0; i < count; i++) {
      const length = (record[at] ?? 0) * 256 + (record[at + 1] ?? Infinity);
      at += 2;
      if (at + length > record.length) {
        throw new RangeError(`A parameter set of ${length} bytes does not fit into its record.`);
      }
      units.push(record.subarray(at, at + length));
      at += length;
    }
  }
  return units;
}

/** A number that no parameter set of a stream has; undefined if all are taken. */
export function freeSetId({ sequence, picture }: H264ParameterSets): number | undefined {
  // A sequence set begins with profile, constraints and level; its number follows.
  const taken = new Set([
    ...sequence.map((unit) => readExpGolomb(unit, 4)),
    ...picture.map((unit) => readExpGolomb(unit, 1)),
  ]);
  for (let id = 1; id <= MAX_SEQUENCE_SETS; id++) if (!taken.has(id)) return id;
  return undefined;
}

/** Reads an unsigned Exp-Golomb number that begins with a byte. */
function readExpGolomb(unit: Uint8Array, at: number): number {
  const bit = (i: number): number => ((unit[at + (i >> 3)] ?? 0xff) >> (7 - (i & 7))) & 1;
  let zeros = 0;
  while (zeros < 31 && bit(zeros) === 0) zeros++;
  let value = 1;
  for (let i = 1; i <= zeros; i++) value = value * 2 + bit(zeros + i);
  return value - 1;
}

/**
 * Extradata of a stream whose packets come from two encoders: the parameter sets of both, stored the
 * way that the first has them.
 *
 * @throws RangeError when these are too many.
 */
export function joinExtradata(source: Uint8Array, encoder: Uint8Array): Buffer {
  if (source[0] !== 1) return Buffer.concat([source, encoder]);
  const [ours, theirs] = [readParameterSets(source), readParameterSets(encoder)];
  const sequence = [...ours.sequence, ...theirs.sequence];
  const picture = [...ours.picture, ...theirs.picture];
  if (sequence.length > MAX_SEQUENCE_SETS || picture.length > MAX_PICTURE_SETS) {
    throw new RangeError(`${sequence.length} and ${picture.length} parameter sets are too many.`);
  }
  const header = Buffer.from(source.subarray(0, 5));
  for (const [, , , level = 0] of theirs.sequence) header[3] = Math.max(header[3]!, level);
  const withLength = (unit: Uint8Array): Buffer =>
    Buffer.concat([Buffer.of(unit.length >> 8, unit.length & 255), unit]);
  return Buffer.concat([
    header,
    Buffer.of(0xe0 | sequence.length),
    ...sequence.map(withLength),
    Buffer.of(picture.length),
    ...picture.map(withLength),
    endOfRecord(source, ours),
  ]);
}

/** What high profiles have behind the sets: colour format and bit depth. */
function endOfRecord(record: Uint8Array, { sequence, picture }: H264ParameterSets): Uint8Array {
  const bytes = [...sequence, ...picture].reduce((sum, unit) => sum + 2 + unit.length, 7);
  return record.subarray(bytes);
}
