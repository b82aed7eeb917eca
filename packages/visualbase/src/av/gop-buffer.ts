import type { Packet } from 'node-av/lib';

/** Give up holding back when a stream has no key frames to speak of. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/**
 * Holds the packets since the last key frame while reading towards a start time, so that decoding
 * can begin there. Where a group is open (pictures after the key frame refer back beyond it), the
 * group before is kept as well.
 */
export class GopBuffer {
  #previous: Packet[] = [];
  #current: Packet[] = [];
  #currentKeyPts = 0n;
  #isOpen = false;
  #heldBytes = 0;

  /** True when it holds more than it should, and decoding must begin now. */
  get isFull(): boolean {
    return this.#heldBytes > MAX_HELD_BYTES;
  }

  /** Adds a reference to the packet. */
  add(packet: Packet, pts: bigint): void {
    if (packet.isKeyframe) {
      this.#drop(this.#previous);
      this.#previous = this.#current;
      this.#current = [];
      this.#currentKeyPts = pts;
      this.#isOpen = false;
    } else if (pts < this.#currentKeyPts) {
      this.#isOpen = true;
    }
    const held = packet.clone();
    if (held === null) return;
    this.#heldBytes += held.size;
    this.#current.push(held);
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

  #drop(packets: readonly Packet[]): void {
    for (const packet of packets) {
      this.#heldBytes -= packet.size;
      packet.free();
    }
  }
}
