import type { Packet } from 'node-av/lib';

/** Give up holding back when a stream has no key frames to speak of. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/**
 * Holds the packets since the last key frame while reading towards a start time, so that decoding
 * can begin there. Where a group is open (pictures after the key frame refer back beyond it), the
 * group before is kept as well.
 */
export class GopBuffer {
  readonly #startTicks: bigint;
  #previous: Packet[] = [];
  #current: Packet[] = [];
  #currentKeyPts = 0n;
  #isOpen = false;
  #isAtStart = false;
  #heldBytes = 0;

  /** @param startTicks - Time of the first picture that is wanted. */
  constructor(startTicks: bigint) {
    this.#startTicks = startTicks;
  }

  /** Whether a packet of the start time or later has been added. */
  get isAtStart(): boolean {
    return this.#isAtStart;
  }

  /**
   * Adds a reference to the packet, which tells when it is shown.
   *
   * @returns Whether decoding can begin with what is held.
   */
  add(packet: Packet): boolean {
    const { pts, isKeyframe } = packet;
    const wasAtStart = this.#isAtStart;
    if (isKeyframe && !wasAtStart) {
      this.#drop(this.#previous);
      this.#previous = this.#current;
      this.#current = [];
      this.#currentKeyPts = pts;
      this.#isOpen = false;
    } else if (pts < this.#currentKeyPts) {
      this.#isOpen = true;
    }
    this.#hold(packet);
    this.#isAtStart ||= pts >= this.#startTicks;
    // Behind a key frame the next packet tells whether the group is open, if it can be shown earlier.
    const isTold = !isKeyframe || wasAtStart || packet.dts >= pts;
    return (this.#isAtStart && isTold) || this.#heldBytes > MAX_HELD_BYTES;
  }

  /** Takes out, in order, the packets that decoding must begin with; the caller frees them. */
  take(): readonly Packet[] {
    const taken = this.#isOpen ? [...this.#previous, ...this.#current] : this.#current;
    if (!this.#isOpen) this.#drop(this.#previous);
    this.#previous = [];
    this.#current = [];
    this.#heldBytes = 0;
    return taken;
  }

  /** Frees what is still held. */
  free(): void {
    this.#drop(this.#previous);
    this.#drop(this.#current);
    this.#previous = [];
    this.#current = [];
  }

  #hold(packet: Packet): void {
    const held = packet.clone();
    if (held === null) return;
    this.#heldBytes += held.size;
    this.#current.push(held);
  }

  #drop(packets: readonly Packet[]): void {
    for (const packet of packets) {
      this.#heldBytes -= packet.size;
      packet.free();
    }
  }
}
