import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Packet } from 'node-av/lib';
import { VisualError } from '../errors/visual-error.ts';

const SEGMENT_BYTES = 8 * 1024 * 1024;

/** The payload of one packet, kept. */
export interface StoredPacket {
  readonly sizeBytes: number;
  /** Puts the payload into an empty packet; times and flags are the caller's. */
  fill(target: Packet): void;
  /** Gives it up. */
  free(): void;
}

/** Keeps payloads of packets. */
export interface PacketStore {
  /** @throws VisualError `VB_WRITE_FAILED`. */
  put(packet: Packet): StoredPacket;
  /** Frees what holds all; packets still kept are gone. */
  close(): void;
}

/** Keeps packets where they are, by reference. */
export class MemoryStore implements PacketStore {
  put(packet: Packet): StoredPacket {
    const kept = packet.clone();
    if (kept === null) throw new RangeError('There is no memory for another packet.');
    return {
      sizeBytes: kept.size,
      fill: (target) => void target.ref(kept),
      free: () => kept.free(),
    };
  }

  close(): void {
    // Each packet is freed by itself.
  }
}

interface Segment {
  readonly fd: number;
  sizeBytes: number;
  liveCount: number;
  isSealed: boolean;
}

/**
 * Keeps packets in files of a folder. The files are unlinked as soon as they are open, so that nothing is
 * left behind however the process ends.
 */
export class FolderStore implements PacketStore {
  readonly #folder: string;
  readonly #segments = new Set<Segment>();
  #current: Segment | undefined;
  #fileCount = 0;

  /** @param folder - Exists, and is private. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  put(packet: Packet): StoredPacket {
    const data = packet.data ?? Buffer.alloc(0);
    const segment = this.#segmentFor();
    const at = segment.sizeBytes;
    this.#write(segment, data);
    segment.liveCount += 1;
    let isKept = true;
    return {
      sizeBytes: data.length,
      fill: (target) => {
        const copy = Buffer.alloc(data.length);
        readSync(segment.fd, copy, 0, copy.length, at);
        target.data = copy;
      },
      free: () => {
        if (!isKept) return;
        isKept = false;
        segment.liveCount -= 1;
        if (segment.isSealed && segment.liveCount === 0) this.#remove(segment);
      },
    };
  }

  close(): void {
    for (const segment of this.#segments) this.#remove(segment);
    this.#current = undefined;
  }

  #segmentFor(): Segment {
    const current = this.#current;
    if (current !== undefined && current.sizeBytes < SEGMENT_BYTES) return current;
    if (current !== undefined) {
      current.isSealed = true;
      if (current.liveCount === 0) this.#remove(current);
    }
    const path = join(this.#folder, `${this.#fileCount++}.packets`);
    try {
      const fd = openSync(path, 'wx+', 0o600);
      unlinkSync(path);
      const segment = { fd, sizeBytes: 0, liveCount: 0, isSealed: false };
      this.#segments.add(segment);
      return (this.#current = segment);
    } catch (cause) {
      throw this.#failed(cause);
    }
  }

  #write(segment: Segment, data: Buffer): void {
    try {
      let done = 0;
      while (done < data.length) {
        done += writeSync(segment.fd, data, done, data.length - done, segment.sizeBytes + done);
      }
      segment.sizeBytes += data.length;
    } catch (cause) {
      throw this.#failed(cause);
    }
  }

  #failed(cause: unknown): VisualError {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    return new VisualError(
      'VB_WRITE_FAILED',
      `The recording in ${this.#folder} cannot go on (${reason}). Free space there, or keep it in memory.`,
      { cause, details: { path: this.#folder, reason } },
    );
  }

  #remove(segment: Segment): void {
    closeSync(segment.fd);
    this.#segments.delete(segment);
  }
}
