/** The memory of a {@link FrameRing}: what the consumer allocates and hands to the decode thread. */
export interface RingMemory {
  readonly slotCount: number;
  readonly slotBytes: number;
  /** `Int32`: the words of {@link Word}, then a state per slot, then the queue of filled slots. */
  readonly control: SharedArrayBuffer;
  /** `Float64` pairs per slot: `tNs`, `frameId` (both exact as doubles). */
  readonly meta: SharedArrayBuffer;
  readonly pixels: SharedArrayBuffer | ArrayBuffer;
}

// Words of the control block.
const PRODUCED = 0;
const RELEASED = 1;
const STOP = 2;
const CONSUMER_WAITS = 3;
const PRODUCER_BUSY = 4;
const STEPS = 5;
const HEADER_WORDS = 6;

const FREE = 0;
const FULL = 1;

// Far longer than one native call takes; one that hangs must not hang the exit for ever.
const EXIT_WAIT_MS = 10_000;

/** Waking the consumer costs more than it saves when the next picture is there before it has got up. */
const QUICK_MS = 2;
const WAKE_BATCH = 4;

/**
 * Allocates the memory of a ring of `slotCount` pictures of `slotBytes` each.
 *
 * @param pixels - Memory to use again; what is in it does not matter.
 */
export function allocateRing(
  slotCount: number,
  slotBytes: number,
  pixels: SharedArrayBuffer = new SharedArrayBuffer(slotCount * slotBytes),
): RingMemory {
  return {
    slotCount,
    slotBytes,
    control: new SharedArrayBuffer(4 * (HEADER_WORDS + 2 * slotCount)),
    meta: new SharedArrayBuffer(16 * slotCount),
    pixels,
  };
}

/**
 * Single producer, single consumer, over shared memory. Slots are filled in order and may be given
 * back in any order. A full ring blocks the producer's thread (that is the back-pressure); an empty
 * one makes the consumer ask to be woken, so that no message is sent while it keeps up by itself.
 */
abstract class FrameRing {
  protected readonly memory: RingMemory;
  protected readonly control: Int32Array;
  protected readonly meta: Float64Array;

  constructor(memory: RingMemory) {
    this.memory = memory;
    this.control = new Int32Array(memory.control);
    this.meta = new Float64Array(memory.meta);
  }

  protected stateOf(slot: number): number {
    return HEADER_WORDS + slot;
  }

  protected queueAt(sequence: number): number {
    return HEADER_WORDS + this.memory.slotCount + (sequence % this.memory.slotCount);
  }
}

/** The decode thread's end. Its methods block; never use it on a thread with an event loop to serve. */
export class RingProducer extends FrameRing {
  readonly #wake: () => void;
  readonly #nowMs: () => number;
  #produced = 0;
  #publishedMs = -Infinity;
  readonly #views: Buffer[] = [];
  /** Pictures that a sleeping consumer has not been told of. */
  #untoldCount = 0;

  /**
   * @param wake - Called to wake a consumer that sleeps.
   * @param nowMs - A clock that never goes back.
   */
  constructor(memory: RingMemory, wake: () => void, nowMs = (): number => performance.now()) {
    super(memory);
    this.#wake = wake;
    this.#nowMs = nowMs;
  }

  /** True once the consumer wants no more. */
  get isStopped(): boolean {
    return Atomics.load(this.control, STOP) !== 0;
  }

  /** Counts that the producer has got on, which a watching consumer can see. */
  step(): void {
    Atomics.add(this.control, STEPS, 1);
  }

  /** Says that native code may be running from here on; false when the consumer wants nothing any more. */
  begin(): boolean {
    Atomics.store(this.control, PRODUCER_BUSY, 1);
    // Flag first, look second: whoever of the two threads comes later sees the other.
    if (!this.isStopped) return true;
    this.end();
    return false;
  }

  /** Says that no native code runs any more. */
  end(): void {
    Atomics.store(this.control, PRODUCER_BUSY, 0);
    Atomics.notify(this.control, PRODUCER_BUSY);
  }

  /** A view on the pixels of a slot, always the same one. */
  pixelsOf(slot: number): Buffer {
    const { pixels, slotBytes } = this.memory;
    return (this.#views[slot] ??= Buffer.from(pixels, slot * slotBytes, slotBytes));
  }

  /**
   * Waits for a free slot and takes the lowest: with a quick consumer the same few are used again and
   * again, and stay in the processor's cache. `undefined` when the consumer wants no more.
   */
  claim(): number | undefined {
    const { slotCount } = this.memory;
    for (;;) {
      const released = Atomics.load(this.control, RELEASED);
      if (this.isStopped) return undefined;
      for (let i = 0; i < slotCount; i++) {
        if (Atomics.load(this.control, this.stateOf(i)) === FREE) return i;
      }
      this.#tell();
      Atomics.wait(this.control, RELEASED, released);
    }
  }

  /**
   * Hands a filled slot over. Where pictures come in quick succession a consumer that sleeps is woken
   * for several at once, so call {@link RingProducer.tellLate} while none come.
   */
  publish(slot: number, tNs: number, frameId: number): void {
    this.meta[2 * slot] = tNs;
    this.meta[2 * slot + 1] = frameId;
    Atomics.store(this.control, this.stateOf(slot), FULL);
    Atomics.store(this.control, this.queueAt(this.#produced), slot);
    this.#produced += 1;
    Atomics.store(this.control, PRODUCED, this.#produced | 0);
    const nowMs = this.#nowMs();
    const isQuick = nowMs - this.#publishedMs < QUICK_MS;
    this.#publishedMs = nowMs;
    this.#untoldCount += 1;
    if (!isQuick || this.#untoldCount >= WAKE_BATCH) this.#tell();
  }

  /** Wakes the consumer for pictures that it has not been told of, once the next is not quick any more. */
  tellLate(): void {
    if (this.#untoldCount > 0 && this.#nowMs() - this.#publishedMs >= QUICK_MS) this.#tell();
  }

  #tell(): void {
    this.#untoldCount = 0;
    if (Atomics.exchange(this.control, CONSUMER_WAITS, 0) === 1) this.#wake();
  }
}

/** A filled slot as the consumer gets it. */
export interface FilledSlot {
  readonly slot: number;
  readonly tNs: number;
  readonly frameId: number;
}

/** The consumer's end; nothing in it blocks. */
export class RingConsumer extends FrameRing {
  #consumed = 0;
  #heldCount = 0;

  /** Steps of the producer so far, modulo 2 ** 32. */
  get stepCount(): number {
    return Atomics.load(this.control, STEPS);
  }

  /** Slots taken and not yet given back. */
  get heldCount(): number {
    return this.#heldCount;
  }

  /** True when the producer cannot go on until a slot is given back. */
  get isAllHeld(): boolean {
    return this.#heldCount >= this.memory.slotCount;
  }

  /** A view on the first `byteLength` bytes of a slot. */
  pixelsOf(slot: number, byteLength: number): Uint8Array {
    const { pixels, slotBytes } = this.memory;
    return new Uint8Array(pixels, slot * slotBytes, byteLength);
  }

  /** The next filled slot, if there is one now. */
  take(): FilledSlot | undefined {
    if (Atomics.load(this.control, PRODUCED) === (this.#consumed | 0)) return undefined;
    const slot = Atomics.load(this.control, this.queueAt(this.#consumed));
    this.#consumed += 1;
    this.#heldCount += 1;
    return { slot, tNs: this.meta[2 * slot]!, frameId: this.meta[2 * slot + 1]! };
  }

  /** Asks the producer for a message with its next picture. Look once more before sleeping. */
  requestWake(): void {
    Atomics.store(this.control, CONSUMER_WAITS, 1);
  }

  /** Gives a slot back to the producer. */
  release(slot: number): void {
    this.#heldCount -= 1;
    Atomics.store(this.control, this.stateOf(slot), FREE);
    this.#wakeProducer();
  }

  /** Tells the producer to stop at its next step. */
  stop(): void {
    Atomics.store(this.control, STOP, 1);
    this.#wakeProducer();
  }

  /** As {@link RingConsumer.stop}, and blocks until the producer is out of native code. For exit handlers. */
  stopAndWait(): void {
    this.stop();
    Atomics.wait(this.control, PRODUCER_BUSY, 1, EXIT_WAIT_MS);
  }

  #wakeProducer(): void {
    Atomics.add(this.control, RELEASED, 1);
    Atomics.notify(this.control, RELEASED);
  }
}
