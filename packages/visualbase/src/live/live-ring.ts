import type { OverflowPolicy } from './overflow.ts';

/** The memory of a live ring: allocated by the reader, filled by the live thread. */
export interface LiveRingMemory {
  readonly slotCount: number;
  readonly slotBytes: number;
  /** `Int32`: the words below, then the state of each slot, then its sequence number. */
  readonly control: SharedArrayBuffer;
  /** `Float64` per slot: `tNs`, `frameId`, wall time of arrival in ms since the epoch. */
  readonly meta: SharedArrayBuffer;
  readonly pixels: SharedArrayBuffer;
}

// Words of the control block.
const STOP = 0;
const READER_WAITS = 1;
const DROPPED = 2;
const WRITER_WAITS = 3;
const HEADER_WORDS = 4;
const META_WORDS = 3;

const FREE = 0;
const FILLING = 1;
const FULL = 2;
const TAKEN = 3;

/** Allocates the memory of a ring of `slotCount` pictures of `slotBytes` each. */
export function allocateLiveRing(slotCount: number, slotBytes: number): LiveRingMemory {
  return {
    slotCount,
    slotBytes,
    control: new SharedArrayBuffer(4 * (HEADER_WORDS + 2 * slotCount)),
    meta: new SharedArrayBuffer(8 * META_WORDS * slotCount),
    pixels: new SharedArrayBuffer(slotCount * slotBytes),
  };
}

interface FullSlot {
  readonly slot: number;
  /** Pictures are numbered as they are published. */
  readonly sequence: number;
}

/**
 * Slots that the side which is behind may lose: a full slot belongs to whoever changes its state
 * first, the reader that takes it or the live thread that needs it for a newer picture.
 */
abstract class LiveRing {
  protected readonly memory: LiveRingMemory;
  protected readonly control: Int32Array;
  protected readonly meta: Float64Array;

  constructor(memory: LiveRingMemory) {
    this.memory = memory;
    this.control = new Int32Array(memory.control);
    this.meta = new Float64Array(memory.meta);
  }

  /** Pictures given up because the reader was behind. */
  get droppedCount(): number {
    return Atomics.load(this.control, DROPPED);
  }

  /** True once the reader wants no more. */
  get isStopped(): boolean {
    return Atomics.load(this.control, STOP) !== 0;
  }

  /** Moves a slot from one state to another, unless the other side was faster. */
  protected change(slot: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.control, HEADER_WORDS + slot, from, to) === from;
  }

  protected setState(slot: number, state: number): void {
    Atomics.store(this.control, HEADER_WORDS + slot, state);
  }

  protected sequenceAt(slot: number): number {
    return HEADER_WORDS + this.memory.slotCount + slot;
  }

  /** The full slots, oldest first. */
  protected fullSlots(): FullSlot[] {
    const found: FullSlot[] = [];
    for (let slot = 0; slot < this.memory.slotCount; slot++) {
      if (Atomics.load(this.control, HEADER_WORDS + slot) !== FULL) continue;
      found.push({ slot, sequence: this.control[this.sequenceAt(slot)]! });
    }
    return found.sort((a, b) => a.sequence - b.sequence);
  }

  protected countDrop(): void {
    Atomics.add(this.control, DROPPED, 1);
  }
}

/** The live thread's end. */
export class LiveRingWriter extends LiveRing {
  #sequence = 0;

  /** The pixels of a slot. */
  pixelsOf(slot: number): Buffer {
    const { pixels, slotBytes } = this.memory;
    return Buffer.from(pixels, slot * slotBytes, slotBytes);
  }

  /**
   * A slot for the next picture: a free one, or the one with the oldest picture that nobody has taken. Undefined
   * when the reader holds all, or wants no more; with `wait` also when none is free, see `requestRoom`.
   */
  claim(overflow: OverflowPolicy): number | undefined {
    if (this.isStopped) return undefined;
    for (let slot = 0; slot < this.memory.slotCount; slot++) {
      if (this.change(slot, FREE, FILLING)) return slot;
    }
    return overflow === 'wait' ? undefined : this.#reclaim();
  }

  /** Hands a filled slot over. Returns true if the reader sleeps and must be woken by a message. */
  publish(slot: number, tNs: number, frameId: number, arrivedEpochMs: number): boolean {
    this.meta.set([tNs, frameId, arrivedEpochMs], META_WORDS * slot);
    this.control[this.sequenceAt(slot)] = this.#sequence++;
    this.setState(slot, FULL);
    return Atomics.exchange(this.control, READER_WAITS, 0) === 1;
  }

  /** Asks for a message when a slot is given back. Returns false, asking nothing, if there is one already. */
  requestRoom(): boolean {
    Atomics.store(this.control, WRITER_WAITS, 1);
    if (!this.#hasRoom() && !this.isStopped) return true;
    Atomics.store(this.control, WRITER_WAITS, 0);
    return false;
  }

  #hasRoom(): boolean {
    for (let slot = 0; slot < this.memory.slotCount; slot++) {
      if (Atomics.load(this.control, HEADER_WORDS + slot) === FREE) return true;
    }
    return false;
  }

  #reclaim(): number | undefined {
    this.countDrop();
    return this.fullSlots().find(({ slot }) => this.change(slot, FULL, FILLING))?.slot;
  }
}

/** A slot as the reader gets it. */
export interface LiveSlot {
  readonly slot: number;
  readonly tNs: number;
  readonly frameId: number;
  readonly arrivedEpochMs: number;
}

/** The reader's end; nothing in it blocks. */
export class LiveRingReader extends LiveRing {
  #heldCount = 0;

  /** Slots taken and not yet given back. */
  get heldCount(): number {
    return this.#heldCount;
  }

  /** The first `byteLength` bytes of a slot. */
  pixelsOf(slot: number, byteLength: number): Uint8Array {
    const { pixels, slotBytes } = this.memory;
    return new Uint8Array(pixels, slot * slotBytes, byteLength);
  }

  /** The oldest picture that waits; with `latest` the newest, giving those before it up. */
  take(overflow: OverflowPolicy): LiveSlot | undefined {
    for (;;) {
      const full = this.fullSlots();
      const wanted = overflow === 'latest' ? full.at(-1) : full[0];
      if (wanted === undefined) return undefined;
      if (!this.change(wanted.slot, FULL, TAKEN)) continue;
      // The live thread may have put a newer picture there since, and others before that one.
      if (this.control[this.sequenceAt(wanted.slot)] === wanted.sequence) {
        this.#giveUpBefore(wanted.sequence, full);
        return this.#hold(wanted.slot);
      }
      this.setState(wanted.slot, FULL);
    }
  }

  /** Asks for a message with the next picture. Look once more before sleeping. */
  requestWake(): void {
    Atomics.store(this.control, READER_WAITS, 1);
  }

  /** Gives a slot back. Returns true if the live thread waits for it and must be told by a message. */
  release(slot: number): boolean {
    this.#heldCount -= 1;
    this.setState(slot, FREE);
    return Atomics.exchange(this.control, WRITER_WAITS, 0) === 1;
  }

  /** Tells the live thread to stop at its next step. */
  stop(): void {
    Atomics.store(this.control, STOP, 1);
  }

  #hold(slot: number): LiveSlot {
    this.#heldCount += 1;
    const at = META_WORDS * slot;
    const { meta } = this;
    return { slot, tNs: meta[at]!, frameId: meta[at + 1]!, arrivedEpochMs: meta[at + 2]! };
  }

  /** Pictures from before the one that is taken would come out of order. */
  #giveUpBefore(sequence: number, full: readonly FullSlot[]): void {
    for (const other of full) {
      if (other.sequence >= sequence || !this.change(other.slot, FULL, TAKEN)) continue;
      const isOlder = this.control[this.sequenceAt(other.slot)]! < sequence;
      this.setState(other.slot, isOlder ? FREE : FULL);
      if (isOlder) this.countDrop();
    }
  }
}
