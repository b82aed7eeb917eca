import { GroupTails } from './group-tails.ts';
import { WantedAhead } from './wanted-ahead.ts';

/** A packet as the container describes it. */
export interface StoredPacket<T> {
  readonly item: T;
  /** Undefined if unknown. */
  readonly pts: number | undefined;
  readonly dts: number | undefined;
  /** See `JudgedPacket`. */
  readonly isEntry: boolean;
  readonly byteLength: number;
}

/** Where a {@link PacketSieve} gets its answers and puts its packets. */
export interface SieveOptions<T> {
  /** Whether the picture shown at `pts` is wanted. Called once for each, in the order in which they are shown. */
  readonly isWanted: (pts: number) => boolean;
  /** Gets the packets that have to be decoded, as stored, and whether somebody wants to see them. */
  readonly send: (item: T, isWanted: boolean) => void;
  /** Gets the others. */
  readonly drop: (item: T) => void;
}

/**
 * Keeps packets from a decoder whose pictures nobody wants and no wanted picture refers to. From where
 * the times of a stream cannot be trusted everything is let through.
 */
export class PacketSieve<T> {
  readonly #ahead: WantedAhead<StoredPacket<T>>;
  readonly #tails: GroupTails<T>;
  readonly #drop: (item: T) => void;

  constructor({ isWanted, send, drop }: SieveOptions<T>) {
    this.#drop = drop;
    this.#tails = new GroupTails(send, drop);
    this.#ahead = new WantedAhead(isWanted, (packet, wanted) => {
      const { item, pts } = packet;
      if (pts !== undefined && this.#ahead.isTrusting) {
        this.#tails.add({ ...packet, pts, isWanted: wanted });
        return;
      }
      this.#tails.release();
      send(item, wanted);
    });
  }

  /** Adds the next packet as stored. */
  add(packet: StoredPacket<T>): void {
    this.#ahead.add(packet, packet.pts, packet.dts);
  }

  /** From here on everything is let through. */
  giveUp(): void {
    this.#ahead.giveUp();
    this.#tails.release();
  }

  /** Sends what is held and needed, when there are no more packets. */
  flush(): void {
    this.#ahead.flush();
    this.#tails.flush();
  }

  /** Drops what is held. */
  clear(): void {
    this.#tails.clear();
    for (const { item } of this.#ahead.clear()) this.#drop(item);
  }
}
