import { invalidModel } from '../errors/model-errors.ts';

/**
 * Little-endian reads that cannot leave the buffer: whatever the bytes say, a read outside them is
 * a `VPX_MODEL_INVALID`.
 */
class CheckedBytes {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #check(at: number, size: number): void {
    if (at < 0 || at + size > this.#bytes.length) {
      throw invalidModel(
        `The model points at bytes ${at} to ${at + size}, but has only ${this.#bytes.length} bytes. The file is truncated or damaged.`,
        { details: { at, size, byteLength: this.#bytes.length } },
      );
    }
  }

  uint8(at: number): number {
    this.#check(at, 1);
    return this.#view.getUint8(at);
  }

  int8(at: number): number {
    this.#check(at, 1);
    return this.#view.getInt8(at);
  }

  uint16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, true);
  }

  int32(at: number): number {
    this.#check(at, 4);
    return this.#view.getInt32(at, true);
  }

  uint32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, true);
  }

  slice(at: number, size: number): Uint8Array {
    this.#check(at, size);
    return this.#bytes.subarray(at, at + size);
  }
}

/** Where the elements of a vector start, and how many there are. */
interface VectorSpan {
  readonly at: number;
  readonly count: number;
}

/**
 * One table of a FlatBuffers file. A field that the file leaves out has its default; every read is
 * bounds-checked, and every vector has a limit on its length, so that hostile offsets end in
 * `VPX_MODEL_INVALID` and never in much work.
 *
 * @see https://flatbuffers.dev/internals/ for the layout.
 */
export class FlatTable {
  readonly #bytes: CheckedBytes;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableSize: number;

  private constructor(bytes: CheckedBytes, at: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#vtable = at - bytes.int32(at);
    this.#vtableSize = bytes.uint16(this.#vtable);
  }

  /** A table without fields: everything has its default. */
  static empty(): FlatTable {
    return new FlatTable(new CheckedBytes(Uint8Array.of(4, 0, 4, 0, 4, 0, 0, 0)), 4);
  }

  /** The root table. @throws `VPX_MODEL_INVALID` if `identifier` is not at byte 4. */
  static root(bytes: Uint8Array, identifier: string): FlatTable {
    const checked = new CheckedBytes(bytes);
    const found = new TextDecoder('latin1').decode(bytes.subarray(4, 8));
    if (found !== identifier) {
      throw invalidModel(
        `A ${identifier} file has "${identifier}" at byte 4; these ${bytes.length} bytes have ${JSON.stringify(found)} there. Check that the file is what its name says.`,
      );
    }
    return new FlatTable(checked, checked.uint32(0));
  }

  int8(field: number, byDefault = 0): number {
    const at = this.#find(field);
    return at === undefined ? byDefault : this.#bytes.int8(at);
  }

  uint8(field: number, byDefault = 0): number {
    const at = this.#find(field);
    return at === undefined ? byDefault : this.#bytes.uint8(at);
  }

  int32(field: number, byDefault = 0): number {
    const at = this.#find(field);
    return at === undefined ? byDefault : this.#bytes.int32(at);
  }

  uint32(field: number, byDefault = 0): number {
    const at = this.#find(field);
    return at === undefined ? byDefault : this.#bytes.uint32(at);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#find(field);
    return at === undefined ? undefined : new FlatTable(this.#bytes, this.#follow(at));
  }

  tables(field: number, maxCount: number): FlatTable[] {
    const { at, count } = this.#vector(field, maxCount);
    return Array.from(
      { length: count },
      (_, i) => new FlatTable(this.#bytes, this.#follow(at + i * 4)),
    );
  }

  int32s(field: number, maxCount: number): number[] {
    const { at, count } = this.#vector(field, maxCount);
    this.#bytes.slice(at, count * 4);
    return Array.from({ length: count }, (_, i) => this.#bytes.int32(at + i * 4));
  }

  uint16s(field: number, maxCount: number): number[] {
    const { at, count } = this.#vector(field, maxCount);
    this.#bytes.slice(at, count * 2);
    return Array.from({ length: count }, (_, i) => this.#bytes.uint16(at + i * 2));
  }

  /** A view of the bytes, not a copy. */
  bytes(field: number, maxCount = Number.MAX_SAFE_INTEGER): Uint8Array {
    const { at, count } = this.#vector(field, maxCount);
    return this.#bytes.slice(at, count);
  }

  text(field: number, maxBytes: number): string {
    const { at, count } = this.#vector(field, maxBytes);
    return new TextDecoder().decode(this.#bytes.slice(at, count));
  }

  #find(field: number): number | undefined {
    const slot = 4 + field * 2;
    if (slot + 2 > this.#vtableSize) return undefined;
    const offset = this.#bytes.uint16(this.#vtable + slot);
    return offset === 0 ? undefined : this.#at + offset;
  }

  #follow(at: number): number {
    return at + this.#bytes.uint32(at);
  }

  #vector(field: number, maxCount: number): VectorSpan {
    const found = this.#find(field);
    if (found === undefined) return { at: 0, count: 0 };
    const at = this.#follow(found);
    const count = this.#bytes.uint32(at);
    if (count > maxCount) {
      throw invalidModel(
        `The model has a list of ${count} entries where at most ${maxCount} make sense. The file is damaged.`,
        { details: { count, maxCount } },
      );
    }
    return { at: at + 4, count };
  }
}
