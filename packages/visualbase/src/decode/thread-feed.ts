import { withBinding } from '../av/binding.ts';
import { VisualError } from '../errors/visual-error.ts';
import { probe } from '../probe/probe.ts';
import { guardExit } from '../threads/exit-guard.ts';
import type { FrameJob } from './decode-job.ts';
import { startDecoding, type DecodeTask } from './decode-threads.ts';
import type { FeedListener, FrameFeed, OpenedFile } from './frame-feed.ts';
import { allocateRing, RingConsumer } from './frame-ring.ts';

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

  constructor(job: FrameJob, listener: FeedListener) {
    const ring = allocateRing(job.slotCount, job.slotBytes);
    super(ring);
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
    this.done = this.#task.done;
    void this.done.then(guardExit(() => this.stopAndWait()));
  }

  keepAlive(isWanted: boolean): void {
    this.#task.keepAlive(isWanted);
  }
}
