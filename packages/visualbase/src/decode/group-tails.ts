/** More than one group of pictures holds, mostly; beyond that everything is sent. */
const MAX_HELD_COUNT = 1500;
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** A packet as stored, and what is known of its picture. */
export interface JudgedPacket<T> {
  readonly item: T;
  readonly pts: number;
  /** Undefined if unknown. */
  readonly dts: number | undefined;
  readonly isWanted: boolean;
  /** Whether nothing stored after it refers to anything before it, except pictures shown before it. */
  readonly isEntry: boolean;
  readonly byteLength: number;
}

/**
 * Leaves out the packets at the end of a group that nobody needs: those between the last wanted
 * picture and the next point of entry. A group without a wanted picture is left out as a whole.
 *
 * Pictures that are stored after a point of entry and shown before it may refer back beyond it (the
 * group is open). So it is one only when all that could be shown before it have been seen, and none was.
 */
export class GroupTails<T> {
  readonly #send: (item: T, isWanted: boolean) => void;
  readonly #drop: (item: T) => void;
  /** Unwanted ones since the last that was sent, or since a point of entry. */
  #run: JudgedPacket<T>[] = [];
  /** A point of entry that may turn out to be none, and what follows it. */
  #undecided: JudgedPacket<T>[] = [];
  #heldBytes = 0;

  /**
   * @param send - Gets the packets that have to be decoded, in the order in which they were added.
   * @param drop - Gets the others.
   */
  constructor(send: (item: T, isWanted: boolean) => void, drop: (item: T) => void) {
    this.#send = send;
    this.#drop = drop;
  }

  /** Adds the next packet as stored. */
  add(packet: JudgedPacket<T>): void {
    this.#heldBytes += packet.byteLength;
    this.#place(packet);
    const heldCount = this.#run.length + this.#undecided.length;
    if (heldCount > MAX_HELD_COUNT || this.#heldBytes > MAX_HELD_BYTES) this.release();
  }

  /** Sends everything that is held: no telling whether it is needed. */
  release(): void {
    for (const packet of this.#takeAll()) this.#send(packet.item, packet.isWanted);
  }

  /** At the end: sends what is held as far as somebody needs it. */
  flush(): void {
    while (this.#undecided.length > 0) this.#decide(true);
    for (const { item } of this.#takeAll()) this.#drop(item);
  }

  /** Drops everything that is held. */
  clear(): void {
    for (const { item } of this.#takeAll()) this.#drop(item);
  }

  #takeAll(): readonly JudgedPacket<T>[] {
    const all = [...this.#run, ...this.#undecided];
    this.#run = [];
    this.#undecided = [];
    this.#heldBytes = 0;
    return all;
  }

  #place(packet: JudgedPacket<T>): void {
    const entry = this.#undecided[0];
    if (entry !== undefined) {
      this.#undecided.push(packet);
      if (packet.pts < entry.pts) this.#decide(false);
      else if (isAllShownAfter(packet, entry)) this.#decide(true);
    } else if (packet.isEntry && this.#run.length > 0) {
      this.#undecided.push(packet);
      if (isAllShownAfter(packet, packet)) this.#decide(true);
    } else {
      this.#append(packet);
    }
  }

  #decide(isEntry: boolean): void {
    const [entry, ...rest] = this.#undecided;
    this.#undecided = [];
    if (isEntry) {
      for (const { item, byteLength } of this.#run) {
        this.#heldBytes -= byteLength;
        this.#drop(item);
      }
      this.#run = [];
    }
    this.#append(entry!);
    for (const packet of rest) this.#place(packet);
  }

  #append(packet: JudgedPacket<T>): void {
    this.#run.push(packet);
    if (!packet.isWanted) return;
    for (const { item, isWanted, byteLength } of this.#run) {
      this.#heldBytes -= byteLength;
      this.#send(item, isWanted);
    }
    this.#run = [];
  }
}

/** Whether nothing from `packet` on can be shown before `entry`: what is stored at dts is shown then or later. */
function isAllShownAfter<T>(packet: JudgedPacket<T>, entry: JudgedPacket<T>): boolean {
  return packet.dts !== undefined && packet.dts >= entry.pts;
}
