import { Worker } from 'node:worker_threads';
import { fromWireError, VisualError } from '../errors/visual-error.ts';
import type { StillJob, StillPicture } from '../still/still-job.ts';
import { guardExit } from '../threads/exit-guard.ts';
import {
  BUSY,
  STOP,
  type ClipFacts,
  type ClipJob,
  type ClipMessage,
  type ClipRequest,
} from './clip-job.ts';

// Far longer than one native call takes; one that hangs must not hang the exit for ever.
const EXIT_WAIT_MS = 10_000;

// One is kept for the next clip: starting a thread takes time, and the memory of every thread that has
// ended stays with the allocator.
let idle: Worker | undefined;

function takeThread(): Worker {
  const kept = idle;
  idle = undefined;
  if (kept !== undefined) {
    kept.ref();
    return kept;
  }
  // The program's own flags are not for this thread: --input-type, for one, would keep it from starting.
  const worker = new Worker(new URL('./clip-worker.js', import.meta.url), {
    execArgv: [],
    name: 'visualbase-clip',
  });
  worker.once('exit', () => {
    if (idle === worker) idle = undefined;
  });
  return worker;
}

/** An idle thread does not keep the process alive; one too many is asked to end. */
function giveBack(worker: Worker): void {
  if (idle !== undefined) {
    worker.postMessage({ type: 'quit' } satisfies ClipRequest);
    return;
  }
  idle = worker;
  worker.unref();
}

/**
 * Cuts a clip in a thread and waits until that thread is done with it.
 *
 * @throws VisualError as `cutClip`, or `VB_THREAD_DIED`; the signal's reason when aborted.
 */
export async function runClipThread(
  job: Omit<ClipJob, 'flags'>,
  signal: AbortSignal | undefined,
): Promise<ClipFacts> {
  const what = `cut ${job.startNs} to ${job.endNs} ns out of ${job.sourcePath}`;
  const makeRequest: RequestMaker = (flags) => ({ type: 'cut', job: { ...job, flags } });
  return (await runJob(makeRequest, { what, path: job.sourcePath }, signal)) as ClipFacts;
}

/**
 * Reads pictures in a thread and waits until that thread is done with it.
 *
 * @throws VisualError as `readStills`, or `VB_THREAD_DIED`; the signal's reason when aborted.
 */
export async function runStillsThread(
  job: Omit<StillJob, 'flags'>,
  signal: AbortSignal | undefined,
): Promise<readonly StillPicture[]> {
  const what = `read ${job.timesNs.length} pictures of ${job.sourcePath}`;
  const makeRequest: RequestMaker = (flags) => ({ type: 'stills', job: { ...job, flags } });
  const found = await runJob(makeRequest, { what, path: job.sourcePath }, signal);
  return found as readonly StillPicture[];
}

type RequestMaker = (flags: Int32Array<SharedArrayBuffer>) => ClipRequest;

/** For messages. */
interface JobName {
  readonly what: string;
  readonly path: string;
}

async function runJob(
  makeRequest: RequestMaker,
  name: JobName,
  signal: AbortSignal | undefined,
): Promise<ClipFacts | readonly StillPicture[]> {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const stop = (): void => void Atomics.store(flags, STOP, 1);
  const unguard = guardExit(() => {
    stop();
    Atomics.wait(flags, BUSY, 1, EXIT_WAIT_MS);
  });
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    const message = await new Promise<ClipMessage>((resolve, reject) => {
      const worker = takeThread();
      let failure: unknown;
      // Only these: Node keeps listeners of its own on a worker.
      const forget = (): void => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      };
      const onMessage = (message: ClipMessage): void => {
        forget();
        giveBack(worker);
        resolve(message);
      };
      const onError = (error: unknown): void => {
        failure = error;
      };
      const onExit = (exitCode: number): void => {
        forget();
        reject(threadDied(name, exitCode, failure));
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(makeRequest(flags));
    });
    signal?.throwIfAborted();
    if (message.type === 'done') return message.facts;
    throw message.type === 'error' ? fromWireError(message.error) : threadDied(name, 0, undefined);
  } finally {
    unguard();
    signal?.removeEventListener('abort', stop);
  }
}

function threadDied({ what, path }: JobName, exitCode: number, cause: unknown): VisualError {
  return new VisualError(
    'VB_THREAD_DIED',
    `The thread that was to ${what} ended with code ${exitCode} before it was done.`,
    { cause, details: { path, exitCode } },
  );
}
