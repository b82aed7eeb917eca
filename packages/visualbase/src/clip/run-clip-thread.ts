import { Worker } from 'node:worker_threads';
import { fromWireError, VisualError } from '../errors/visual-error.ts';
import { guardExit } from '../threads/exit-guard.ts';
import { BUSY, STOP, type ClipFacts, type ClipJob, type ClipMessage } from './clip-job.ts';

// Far longer than one native call takes; one that hangs must not hang the exit for ever.
const EXIT_WAIT_MS = 10_000;

/**
 * Does a job in a thread of its own and waits until that thread has ended.
 *
 * @throws VisualError as `encodeClip`, or `VB_THREAD_DIED`; the signal's reason when aborted.
 */
export async function runClipThread(
  job: Omit<ClipJob, 'flags'>,
  signal: AbortSignal | undefined,
): Promise<ClipFacts> {
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
      const worker = new Worker(new URL('./clip-worker.js', import.meta.url), {
        execArgv: [],
        workerData: { ...job, flags } satisfies ClipJob,
        name: 'visualbase-clip',
      });
      let received: ClipMessage | undefined;
      let failure: unknown;
      worker.on('message', (sent: ClipMessage) => (received = sent));
      worker.on('error', (error) => (failure = error));
      worker.on('exit', (exitCode) => {
        if (received !== undefined) resolve(received);
        else reject(threadDied(job, exitCode, failure));
      });
    });
    signal?.throwIfAborted();
    if (message.type === 'done') return message.facts;
    throw message.type === 'error' ? fromWireError(message.error) : threadDied(job, 0, undefined);
  } finally {
    unguard();
    signal?.removeEventListener('abort', stop);
  }
}

function threadDied(job: Omit<ClipJob, 'flags'>, exitCode: number, cause: unknown): VisualError {
  return new VisualError(
    'VB_THREAD_DIED',
    `The thread that cut ${job.startNs} to ${job.endNs} ns out of ${job.sourcePath} ended with code ${exitCode} before it was done.`,
    { cause, details: { path: job.sourcePath, exitCode } },
  );
}
