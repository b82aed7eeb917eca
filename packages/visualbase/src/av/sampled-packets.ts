import { Packet } from 'node-av/lib';
import { AV_PKT_FLAG_DISCARD } from 'node-av/constants';
import type { DecodeJob } from '../decode/decode-job.ts';
import { PacketSieve } from '../decode/packet-sieve.ts';
import { SampleGrid } from '../decode/sample-grid.ts';
import { tryTicksToNs } from '../time/ns.ts';
import { check } from './check.ts';
import { entryPointTest } from './entry-point.ts';
import type { OpenedInput } from './open-input.ts';
import { ticksOf } from './video-decoder.ts';

/** A packet to be decoded; whoever takes it hands it back. */
export interface DuePacket {
  readonly packet: Packet;
  /** Whether its picture is wanted, or only others that refer to it. */
  readonly isWanted: boolean;
}

/** Picks the packets that sampling needs, judged by the grid as their pictures will be when they come out. */
export class SampledPackets {
  readonly #isEntry: (packet: Packet) => boolean;
  readonly #sieve: PacketSieve<Packet>;
  readonly #due: DuePacket[] = [];
  /** Used again and again: as many new ones would let the heap grow for minutes before it is swept. */
  readonly #spare: Packet[] = [];

  private constructor(isEntry: (packet: Packet) => boolean, isWanted: (pts: number) => boolean) {
    this.#isEntry = isEntry;
    this.#sieve = new PacketSieve({
      isWanted,
      send: (packet, wanted) => this.#due.push({ packet, isWanted: wanted }),
      drop: (packet) => this.handBack(packet),
    });
  }

  /** Undefined where all packets are needed, or do not tell enough. */
  static of({ video, info }: OpenedInput, job: DecodeJob): SampledPackets | undefined {
    const { fps, startNs, endNs } = job;
    const streamStart = ticksOf(video.startTime);
    const isEntry = entryPointTest(video, info.video.codec);
    if (fps === undefined || streamStart === undefined || isEntry === undefined) return undefined;
    // Program streams give times to a part of their packets only.
    if (info.container === 'mpeg') return undefined;
    const grid = new SampleGrid(fps, startNs);
    const { num, den } = video.timeBase;
    return new SampledPackets(isEntry, (pts) => {
      const tNs = tryTicksToNs(BigInt(pts) - streamStart, num, den);
      // A time that is none gets a better one when the picture is there.
      if (tNs === undefined) return true;
      return tNs >= startNs && tNs < endNs && grid.take(tNs);
    });
  }

  /** Adds a reference to the next packet as stored. */
  add(packet: Packet): void {
    const item = this.#spare.pop() ?? newPacket();
    check(item.ref(packet), 'av_packet_ref');
    const isHidden = packet.hasFlags(AV_PKT_FLAG_DISCARD);
    this.#sieve.add({
      item,
      pts: isHidden ? undefined : numberOf(packet.pts),
      dts: numberOf(packet.dts),
      isEntry: this.#isEntry(packet),
      byteLength: packet.size,
    });
  }

  /** Takes the next packet that is due by now. */
  next(): DuePacket | undefined {
    return this.#due.shift();
  }

  /** Takes back a packet that was due. */
  handBack(packet: Packet): void {
    packet.unref();
    this.#spare.push(packet);
  }

  /** Says that there are no more packets. */
  flush(): void {
    this.#sieve.flush();
  }

  /** From here on all packets are due. */
  giveUp(): void {
    this.#sieve.giveUp();
  }

  /** Frees what is held. */
  free(): void {
    this.#sieve.clear();
    for (const { packet } of this.#due.splice(0)) packet.free();
    for (const packet of this.#spare.splice(0)) packet.free();
  }
}

function newPacket(): Packet {
  const packet = new Packet();
  packet.alloc();
  return packet;
}

function numberOf(ticks: bigint): number | undefined {
  const known = ticksOf(ticks);
  return known === undefined ? undefined : Number(known);
}
