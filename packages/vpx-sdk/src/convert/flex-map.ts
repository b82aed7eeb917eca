import { invalidModel } from '../errors/model-errors.ts';

/** Values of a {@link readFlexMap}. */
export type FlexValue = number | readonly number[];

// Types of FlexBuffers, in the upper six bits of a packed type; the lower two are the byte width.
const INT = 1;
const UINT = 2;
const FLOAT = 3;
const INDIRECT_INT = 6;
const INDIRECT_UINT = 7;
const INDIRECT_FLOAT = 8;
const MAP = 9;
const VECTOR_INT = 11;
const VECTOR_UINT = 12;
const VECTOR_FLOAT = 13;

// What custom operators of known models have is far below these.
const MAX_ENTRIES = 64;
const MAX_ITEMS = 65_536;
const MAX_KEY_BYTES = 128;

/**
 * Reads the numbers and lists of numbers of a FlexBuffers map, the way in which custom operators of
 * TFLite keep their options. Values of other types are left out.
 *
 * @throws `VPX_MODEL_INVALID` if the bytes are not such a map; no read leaves them.
 * @see https://flatbuffers.dev/internals/#flexbuffers-encoding
 */
export function readFlexMap(bytes: Uint8Array): ReadonlyMap<string, FlexValue> {
  const reader = new FlexReader(bytes);
  const length = bytes.length;
  const rootWidth = reader.uint(length - 1, 1);
  const { type, width } = unpack(reader.uint(length - 2, 1));
  if (type !== MAP) throw damaged(`begin with type ${type} where a map should be`);
  const at = reader.follow(length - 2 - checkedWidth(rootWidth), rootWidth);
  const keysAt = reader.follow(at - 3 * width, width);
  const keyWidth = checkedWidth(reader.uint(at - 2 * width, width));
  const count = reader.count(at, width, MAX_ENTRIES);
  const map = new Map<string, FlexValue>();
  for (let i = 0; i < count; i++) {
    const key = reader.key(reader.follow(keysAt + i * keyWidth, keyWidth));
    const packed = reader.uint(at + count * width + i, 1);
    const value = reader.value(at + i * width, width, packed);
    if (value !== undefined) map.set(key, value);
  }
  return map;
}

class FlexReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint(at: number, width: number): number {
    this.#check(at, width);
    if (width === 1) return this.#view.getUint8(at);
    if (width === 2) return this.#view.getUint16(at, true);
    if (width === 4) return this.#view.getUint32(at, true);
    return Number(this.#view.getBigUint64(at, true));
  }

  int(at: number, width: number): number {
    this.#check(at, width);
    if (width === 1) return this.#view.getInt8(at);
    if (width === 2) return this.#view.getInt16(at, true);
    if (width === 4) return this.#view.getInt32(at, true);
    return Number(this.#view.getBigInt64(at, true));
  }

  float(at: number, width: number): number {
    this.#check(at, width);
    if (width === 4) return this.#view.getFloat32(at, true);
    if (width === 8) return this.#view.getFloat64(at, true);
    throw damaged(`hold a float of ${width} bytes`);
  }

  /** Where the offset at `at` points: backwards. */
  follow(at: number, width: number): number {
    return at - this.uint(at, width);
  }

  /** The size that stands before a vector. */
  count(at: number, width: number, most: number): number {
    const count = this.uint(at - width, width);
    if (count > most)
      throw damaged(`hold a list of ${count} entries where at most ${most} make sense`);
    return count;
  }

  key(at: number): string {
    this.#check(at, 1);
    const end = this.#bytes.indexOf(0, at);
    if (end < 0 || end - at > MAX_KEY_BYTES) throw damaged('hold a name without an end');
    return new TextDecoder('latin1').decode(this.#bytes.subarray(at, end));
  }

  value(at: number, parentWidth: number, packed: number): FlexValue | undefined {
    const { type, width } = unpack(packed);
    switch (type) {
      case INT:
      case UINT:
      case FLOAT:
        return this.#number(type, at, parentWidth);
      case INDIRECT_INT:
      case INDIRECT_UINT:
      case INDIRECT_FLOAT:
        return this.#number(type - INDIRECT_INT + INT, this.follow(at, parentWidth), width);
      case VECTOR_INT:
      case VECTOR_UINT:
      case VECTOR_FLOAT: {
        const from = this.follow(at, parentWidth);
        const count = this.count(from, width, MAX_ITEMS);
        this.#check(from, count * width);
        return Array.from({ length: count }, (_, i) =>
          this.#number(type - VECTOR_INT + INT, from + i * width, width),
        );
      }
      default:
        return undefined;
    }
  }

  #number(type: number, at: number, width: number): number {
    if (type === FLOAT) return this.float(at, width);
    return type === INT ? this.int(at, width) : this.uint(at, width);
  }

  #check(at: number, size: number): void {
    if (at < 0 || at + size > this.#bytes.length) {
      throw damaged(`point at bytes ${at} to ${at + size} of ${this.#bytes.length}`);
    }
  }
}

const unpack = (packed: number) => ({ type: packed >> 2, width: 1 << (packed & 3) });

function checkedWidth(width: number): number {
  if ([1, 2, 4, 8].includes(width)) return width;
  throw damaged(`give a width of ${width} bytes`);
}

const damaged = (what: string) =>
  invalidModel(`The options of a custom operator ${what}. The file is damaged.`);
