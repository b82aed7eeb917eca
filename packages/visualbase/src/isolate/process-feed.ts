import type { FrameJob } from '../decode/decode-job.ts';
import type { FeedListener, FrameFeed } from '../decode/frame-feed.ts';
import type { FilledSlot } from '../decode/frame-ring.ts';
import type { MemoryFile } from '../libc/memory-file.ts';
import type { DecoderProcess, ProcessListener } from './decoder-process.ts';
import { receivedPixels, sharedPixels, type SlotPixels } from './slot-pixels.ts';
import type { IsolateMessage } from './isolate-messages.ts';

/** How long a decoder that is asked to stop may take to get out of native code and tell its figures. */
const STOP_TIMEOUT_MS = 2000;

/** Frames from a decoder process: through memory that both map, or with their pixels in the messages. */
export class ProcessFeed implements FrameFeed, ProcessListener {
  readonly done: Promise<void>;
  readonly #decoder: DecoderProcess;
  readonly #listener: FeedListener;
  readonly #slotCount: number;
  readonly #pixels: SlotPixels;
  readonly #filled: FilledSlot[] = [];
  #heldCount = 0;
  #isEnded = false;
  #isStopped = false;
  #isGone = false;

  /** @throws VisualError `VB_NO_MEMORY`. */
  constructor(
    decoder: DecoderProcess,
    memory: MemoryFile | undefined,
    job: FrameJob,
    listener: FeedListener,
  ) {
    this.#decoder = decoder;
    this.#listener = listener;
    this.#slotCount = job.slotCount;
    this.#pixels = memory === undefined ? receivedPixels() : sharedPixels(memory, job);
    this.done = decoder.done.then(() => {
      this.#isGone = true;
      this.#forgetIfUnused();
    });
    decoder.listener = this;
    decoder.send({ type: 'decode', job, isShared: memory !== undefined });
  }

  get heldCount(): number {
    return this.#heldCount;
  }

  get isAllHeld(): boolean {
    return this.#heldCount >= this.#slotCount;
  }

  take(): FilledSlot | undefined {
    const filled = this.#filled.shift();
    if (filled !== undefined) this.#heldCount += 1;
    return filled;
  }

  pixelsOf(slot: number, byteLength: number): Uint8Array {
    return this.#pixels.viewOf(slot, byteLength);
  }

  release(slot: number): void {
    this.#heldCount -= 1;
    this.#decoder.send({ type: 'release', slot });
    this.#forgetIfUnused();
  }

  /** There is a message with every frame. */
  requestWake(): void {}

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#decoder.send({ type: 'stop' });
    const timer = setTimeout(() => this.#decoder.kill(), STOP_TIMEOUT_MS).unref();
    void this.done.then(() => clearTimeout(timer));
    this.#forgetIfUnused();
  }

  keepAlive(isWanted: boolean): void {
    this.#decoder.keepAlive(isWanted);
  }

  isOwing(): boolean {
    return !this.#isEnded && this.#filled.length + this.#heldCount < this.#slotCount;
  }

  onMessage(message: IsolateMessage): void {
    if (message.type === 'frame') {
      const { slot, tNs, frameId, pixels } = message;
      if (pixels !== undefined) this.#pixels.receive(slot, pixels);
      this.#filled.push({ slot, tNs, frameId });
      this.#listener.onMessage({ type: 'wake' });
    } else if (message.type === 'end' || message.type === 'error') {
      this.#isEnded = true;
      this.#decoder.kill();
      this.#listener.onMessage(message);
    }
  }

  onDeath(error: Error): void {
    this.#isEnded = true;
    this.#listener.onDeath(error);
  }

  #forgetIfUnused(): void {
    if (!this.#isStopped || !this.#isGone || this.#heldCount > 0) return;
    this.#filled.length = 0;
    this.#pixels.forget();
  }
}
