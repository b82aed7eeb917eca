import { isVisualError, toWireError } from '../errors/visual-error.ts';
import type { LiveMessage } from '../live/live-job.ts';
import type { PacketRecorder } from './packet-recorder.ts';
import { writeRecording } from './write-recording.ts';

/** How long after its end a range is waited for, when the stream is away. */
const GRACE_NS = 2_000_000_000;

/** A part of the recording that somebody wants in a file. */
export interface CutRequest {
  readonly id: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly path: string;
}

/** Requests to cut, each held until what it asks for has come, or will not come. */
export class CutQueue {
  readonly #recorder: PacketRecorder;
  readonly #answer: (message: LiveMessage) => void;
  readonly #waiting = new Map<number, CutRequest>();
  #isFinished = false;

  constructor(recorder: PacketRecorder, answer: (message: LiveMessage) => void) {
    this.#recorder = recorder;
    this.#answer = answer;
  }

  /** Takes a request; it is answered once, at once or later. */
  add(request: CutRequest): void {
    this.#waiting.set(request.id, request);
    this.#pin();
    if (this.#isFinished) this.#cut(request);
    else this.onProgress();
  }

  /** Forgets a request that nobody waits for any more. */
  forget(id: number): void {
    this.#waiting.delete(id);
    this.#pin();
  }

  /** After something was recorded. */
  onProgress(): void {
    if (this.#waiting.size > 0) this.#cutUntil(this.#recorder.newestNs);
  }

  /** Now and then: what a stream that is away has missed is not waited for. */
  onTime(elapsedNs: number): void {
    this.#cutUntil(elapsedNs - GRACE_NS);
  }

  /** At the end of the stream: everybody gets what there is. */
  finish(): void {
    this.#isFinished = true;
    this.#cutUntil(Infinity);
  }

  #cutUntil(tNs: number): void {
    for (const request of this.#waiting.values()) if (request.endNs <= tNs) this.#cut(request);
  }

  #cut(request: CutRequest): void {
    this.#waiting.delete(request.id);
    this.#pin();
    const { id } = request;
    try {
      const facts = writeRecording(this.#recorder.packets, request);
      this.#answer({ type: 'cut', id, facts });
    } catch (error) {
      if (!isVisualError(error) && !(error instanceof Error)) throw error;
      this.#answer({ type: 'cutFailed', id, error: toWireError(error) });
    }
  }

  #pin(): void {
    let pinnedNs = Infinity;
    for (const { startNs } of this.#waiting.values()) pinnedNs = Math.min(pinnedNs, startNs);
    this.#recorder.pinnedNs = pinnedNs;
  }
}
