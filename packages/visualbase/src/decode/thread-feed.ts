import { withBinding } from '../av/binding.ts';
import { VisualError } from '../errors/visual-error.ts';
import { probe } from '../probe/probe.ts';
import { guardExit } from '../threads/exit-guard.ts';
import type { FrameJob } from './decode-job.ts';
import { startDecoding, type DecodeTask } from './decode-threads.ts';
import type { FeedListener, FrameFeed, OpenedFile } from './frame-feed.ts';
import { allocateRing, RingConsumer, type FilledSlot } from './frame-ring.ts';
import { givePixels, takePixels } from './pixel-pool.ts';

/** Looks into a file that is to be decoded in a thread of this process. @throws VisualError as `probe`. */
export async function openInThread(path: string): Promise<OpenedFile> {
  // The native binding must be loaded by the main thread before any worker uses it: reloading it
  // after the first worker has ended fails.
  const info = await withBinding(() => probe(path));
  return {
    info,
    start: (job, listener) => new ThreadFeed(job, listener),
    discard: () => undefined,
  };
}

/** Frames from a decode thread, through a ring of slots that both threads see. */
class ThreadFeed extends RingConsumer implements FrameFeed {
  readonly done: Promise<void>;
  readonly #task: DecodeTask;
  #pixels: SharedArrayBuffer | undefined;
  #isStopped = false;
  #isDone = false;

  constructor(job: FrameJob, listener: FeedListener) {
    const pixels = takePixels(job.slotCount * job.slotBytes);
    const ring = allocateRing(job.slotCount, job.slotBytes, pixels);
    super(ring);
    this.#pixels = pixels;
    this.#task = startDecoding(
      { ...job, ring },
      {
        onMessage: (message) => listener.onMessage(message),
        onDeath: (cause) => {
          listener.onDeath(
            new VisualError(
              'VB_THREAD_DIED',
              `The decode thread for ${job.path} ended: ${String(cause)}.`,
              { cause, details: { path: job.path } },
            ),
          );
        },
      },
    );
    this.done = this.#task.done.then(() => {
      this.#isDone = true;
      this.#giveBackIfUnused();
    });
    void this.done.then(guardExit(() => this.stopAndWait()));
  }

  override release(slot: number): void {
    super.release(slot);
    this.#giveBackIfUnused();
  }

  override stop(): void {
    super.stop();
    this.#isStopped = true;
    this.#giveBackIfUnused();
  }

  keepAlive(isWanted: boolean): void {
    this.#task.keepAlive(isWanted);
  }

  /** Frames that nobody has taken are lost to the reader of a stopped source. */
  override take(): FilledSlot | undefined {
    return this.#pixels === undefined ? undefined : super.take();
  }

  #giveBackIfUnused(): void {
    const pixels = this.#pixels;
    if (pixels === undefined || !this.#isStopped || !this.#isDone || this.heldCount > 0) return;
    this.#pixels = undefined;
    givePixels(pixels);
  }
}
