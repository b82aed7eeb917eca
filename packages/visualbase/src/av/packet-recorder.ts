import type { Packet } from 'node-av/lib';
import type { RecordLimits, StreamGap } from '../live/live-job.ts';
import { ticksToNs } from '../time/ns.ts';
import { FolderStore, MemoryStore, type PacketStore, type StoredPacket } from './packet-store.ts';
import type { TrackParameters } from './track-parameters.ts';

/** The streams of a connection. */
export interface RecordedTracks {
  readonly video: TrackParameters;
  readonly audio: TrackParameters | undefined;
}

/** One packet of the recent past. Ticks are of its track's timebase, on the media clock. */
export interface RecordedPacket {
  readonly kind: 'video' | 'audio';
  readonly isKey: boolean;
  readonly flags: Packet['flags'];
  readonly pts: bigint;
  readonly dts: bigint;
  readonly duration: bigint;
  /** Of `pts` and `dts`. */
  readonly tNs: number;
  readonly dtsNs: number;
  readonly tracks: RecordedTracks;
  readonly stored: StoredPacket;
}

/**
 * The recent past of a live stream, as it came: whole groups of pictures from a key frame on, within
 * bounds of time and bytes, and the sound beside them.
 */
export class PacketRecorder {
  readonly #limits: RecordLimits;
  readonly #store: PacketStore;
  #packets: RecordedPacket[] = [];
  /** Places of key frames in `#packets`, ascending. */
  #keys: number[] = [];
  #allTracks: RecordedTracks[] = [];
  #bytes = 0;
  #newestNs = -1;
  #isWaitingForKey = true;

  /** Media time that a request still needs; kept beyond `maxSec`, not beyond `maxBytes`. */
  pinnedNs = Infinity;

  constructor(limits: RecordLimits) {
    this.#limits = limits;
    this.#store = limits.folder === undefined ? new MemoryStore() : new FolderStore(limits.folder);
  }

  /** Begins a connection. Takes over `tracks`, or frees them where they are as before. */
  begin(tracks: RecordedTracks): void {
    const last = this.#allTracks.at(-1);
    const isSame = last?.video.key === tracks.video.key && last.audio?.key === tracks.audio?.key;
    this.#isWaitingForKey = true;
    if (isSame) freeTracks(tracks);
    else this.#allTracks.push(tracks);
  }

  /** Bytes kept. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** Newest decoding time of a picture kept: everything shown before it is there. */
  get newestNs(): number {
    return this.#newestNs;
  }

  /** What can be cut from; undefined while there is nothing. */
  get range(): StreamGap | undefined {
    const first = this.#keys[0];
    if (first === undefined) return undefined;
    return { startNs: this.#packets[first]!.tNs, endNs: this.#newestNs };
  }

  /** The packets kept, in the order in which they came. */
  get packets(): readonly RecordedPacket[] {
    return this.#packets;
  }

  /** Keeps a packet whose times are on the media clock, in its track's timebase. */
  add(kind: RecordedPacket['kind'], packet: Packet, dts: bigint): void {
    const tracks = this.#allTracks.at(-1);
    const track = tracks?.[kind];
    if (tracks === undefined || track === undefined) return;
    const isKey = packet.isKeyframe;
    if (kind === 'video' && isKey) this.#isWaitingForKey = false;
    // Nothing could show what comes before the first key frame.
    if (this.#isWaitingForKey) return;
    const { num, den } = track.timebase;
    const stored = this.#store.put(packet);
    const tNs = ticksToNs(packet.pts, num, den);
    const dtsNs = ticksToNs(dts, num, den);
    if (kind === 'video') {
      if (isKey) this.#keys.push(this.#packets.length);
      this.#newestNs = Math.max(this.#newestNs, dtsNs);
    }
    const { pts, duration, flags } = packet;
    this.#packets.push({ kind, isKey, flags, pts, dts, duration, tNs, dtsNs, tracks, stored });
    this.#bytes += stored.sizeBytes;
    this.#forgetOld();
  }

  /** Frees everything. */
  close(): void {
    this.#drop(this.#packets.length);
    for (const tracks of this.#allTracks) freeTracks(tracks);
    this.#allTracks = [];
    this.#store.close();
  }

  #forgetOld(): void {
    const { maxSec, maxBytes } = this.#limits;
    const oldestNs = Math.min(this.#newestNs - maxSec * 1e9, this.pinnedNs);
    for (;;) {
      const second = this.#keys[1];
      const isOld = second !== undefined && this.#packets[second]!.tNs <= oldestNs;
      if (!isOld && this.#bytes <= maxBytes) return;
      this.#drop(second ?? this.#packets.length);
      // A group that is too large by itself: go on with the next.
      if (second === undefined) this.#isWaitingForKey = true;
    }
  }

  #drop(count: number): void {
    for (const { stored } of this.#packets.splice(0, count)) {
      this.#bytes -= stored.sizeBytes;
      stored.free();
    }
    this.#keys = this.#keys.map((at) => at - count).filter((at) => at >= 0);
    this.#freeUnusedTracks();
  }

  #freeUnusedTracks(): void {
    const oldest = this.#packets[0]?.tracks;
    while (this.#allTracks.length > 1 && this.#allTracks[0] !== oldest) {
      freeTracks(this.#allTracks.shift()!);
    }
  }
}

/** Frees the native parameters. */
function freeTracks({ video, audio }: RecordedTracks): void {
  video.codecpar.free();
  audio?.codecpar.free();
}
