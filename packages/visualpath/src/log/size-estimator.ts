import type { Observation } from '../core/observation.ts';

/** Values looked at per observation; the rest is extrapolated. */
const MAX_VISITS = 256;
/** Arrays, maps and sets longer than this are sampled, evenly. */
const MAX_ITEMS = 32;
const SAMPLE_COUNT = 16;

const OBSERVATION_BYTES = 120;
const OBJECT_BYTES = 24;
const SLOT_BYTES = 8;
const VIEW_BYTES = 120;
/** V8 keeps up to this many bytes of a typed array inside the object, without a buffer. */
const MAX_INLINE_BYTES = 64;

/**
 * Guesses how many bytes of memory observations hold, in well under a microsecond each. Exact for
 * typed arrays (the whole buffer that a view keeps alive, once for views of one buffer in a row),
 * sampled for long lists, rather too high than too low for texts.
 */
export class SizeEstimator {
  #visitsLeft = 0;
  #lastBuffer: ArrayBufferLike | undefined;

  /** Bytes of an observation that is added to those before. */
  add(observation: Observation): number {
    this.#visitsLeft = MAX_VISITS;
    let bytes =
      OBSERVATION_BYTES +
      this.#ofRecord(observation.signals) +
      this.#ofRecord(observation.metadata);
    if (observation.data !== undefined) bytes += this.#ofValue(observation.data);
    if (observation.timing !== undefined) bytes += this.#ofRecord(observation.timing);
    return Math.ceil(bytes);
  }

  /** Forgets the last buffer, which is otherwise held. */
  reset(): void {
    this.#lastBuffer = undefined;
  }

  /** Bytes beyond the slot that holds the value. */
  #ofValue(value: unknown): number {
    switch (typeof value) {
      case 'number':
        // Small integers sit in the slot; anything else has a box.
        return (value | 0) === value ? 0 : 16;
      case 'string':
        return 16 + 2 * value.length;
      case 'object':
        return value === null ? 0 : this.#ofObject(value);
      case 'bigint':
        return 32;
      default:
        return 0;
    }
  }

  #ofObject(value: object): number {
    if (--this.#visitsLeft < 0) return OBJECT_BYTES;
    if (Array.isArray(value)) return this.#ofArray(value);
    if (ArrayBuffer.isView(value)) return this.#ofView(value);
    if (Object.getPrototypeOf(value) !== Object.prototype) {
      if (value instanceof Map)
        return 2 * SLOT_BYTES * value.size + this.#ofItems(value.entries(), value.size);
      if (value instanceof Set)
        return SLOT_BYTES * value.size + this.#ofItems(value.values(), value.size);
      if (value instanceof ArrayBuffer) return VIEW_BYTES + value.byteLength;
    }
    return this.#ofRecord(value);
  }

  #ofRecord(value: object): number {
    const fields = value as Readonly<Record<string, unknown>>;
    let bytes = OBJECT_BYTES;
    let count = 0;
    for (const name in fields) {
      bytes += SLOT_BYTES + this.#ofValue(fields[name]);
      count++;
      if (--this.#visitsLeft < 0) {
        return OBJECT_BYTES + ((bytes - OBJECT_BYTES) / count) * Object.keys(fields).length;
      }
    }
    return bytes;
  }

  #ofArray(items: readonly unknown[]): number {
    const { length } = items;
    const step = length <= MAX_ITEMS ? 1 : length / SAMPLE_COUNT;
    let bytes = 0;
    let count = 0;
    for (let at = 0; at < length; at += step) {
      const item = items[Math.floor(at)];
      // An array of numbers holds them without boxes.
      if (typeof item !== 'number') bytes += this.#ofValue(item);
      count++;
      if (this.#visitsLeft < 0) break;
    }
    return OBJECT_BYTES + SLOT_BYTES * length + (count === 0 ? 0 : (bytes / count) * length);
  }

  #ofItems(items: Iterable<unknown>, length: number): number {
    let bytes = 0;
    let count = 0;
    for (const item of items) {
      bytes += this.#ofValue(item);
      count++;
      if (count >= SAMPLE_COUNT || this.#visitsLeft < 0) break;
    }
    return OBJECT_BYTES + (count === 0 ? 0 : (bytes / count) * length);
  }

  #ofView(view: ArrayBufferView): number {
    // Reading `.buffer` would make V8 create one for an array that has none yet.
    if (view.byteOffset === 0 && view.byteLength <= MAX_INLINE_BYTES) {
      return VIEW_BYTES + view.byteLength;
    }
    const { buffer } = view;
    if (buffer === this.#lastBuffer) return VIEW_BYTES;
    this.#lastBuffer = buffer;
    // A shared buffer is someone's ring and lives anyway.
    return VIEW_BYTES + (buffer instanceof ArrayBuffer ? buffer.byteLength : view.byteLength);
  }
}
