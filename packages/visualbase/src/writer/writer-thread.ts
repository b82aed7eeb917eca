import { Worker } from 'node:worker_threads';
import { BUSY, STOP } from '../clip/clip-job.ts';
import { fromWireError, VisualError } from '../errors/visual-error.ts';
import { guardExit } from '../threads/exit-guard.ts';
import type { WriterAnswer, WriterJob, WriterRequest } from './writer-job.ts';

// Far longer than one native call takes; one that hangs must not hang the exit for ever.
const EXIT_WAIT_MS = 10_000;

interface Waiting {
  readonly resolve: (answer: WriterAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** A writer thread, seen from the main thread: requests in, answers out, in order. */
export class WriterThread {
  readonly #worker: Worker;
  readonly #flags: Int32Array<SharedArrayBuffer>;
  readonly #unguard: () => void;
  readonly #ended: Promise<void>;
  readonly #waiting: Waiting[] = [];
  #failure: unknown;
  #hasFailed = false;
  #isEnding = false;

  private constructor(flags: Int32Array<SharedArrayBuffer>, path: string) {
    this.#flags = flags;
    // The program's own flags are not for this thread: --input-type, for one, would keep it from starting.
    this.#worker = new Worker(new URL('./writer-worker.js', import.meta.url), {
      execArgv: [],
      name: 'visualbase-writer',
    });
    this.#unguard = guardExit(() => {
      Atomics.store(flags, STOP, 1);
      Atomics.wait(flags, BUSY, 1, EXIT_WAIT_MS);
    });
    let cause: unknown;
    this.#worker.on('message', (answer: WriterAnswer) => {
      this.#onAnswer(answer);
    });
    this.#worker.on('error', (error) => (cause = error));
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', (exitCode) => {
        this.#unguard();
        if (!this.#isEnding) this.#fail(threadDied(path, exitCode, cause));
        resolve();
      });
    });
  }

  /** Starts a thread. @throws VisualError as `VideoFileWriter.open`. */
  static async start(job: Omit<WriterJob, 'flags'>, path: string): Promise<WriterThread> {
    const flags = new Int32Array(new SharedArrayBuffer(8));
    const thread = new WriterThread(flags, path);
    try {
      await thread.ask({ type: 'open', job: { ...job, flags } });
    } catch (error) {
      await thread.end();
      throw error;
    }
    return thread;
  }

  /** Sends a request and waits for its answer. Rejects for good after the first error. */
  ask(
    request: Exclude<WriterRequest, { readonly type: 'quit' }>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<WriterAnswer> {
    if (this.#hasFailed) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage(request, [...transfer]);
    });
  }

  /** Throws what went wrong, if something did. */
  throwIfFailed(): void {
    if (this.#hasFailed) throw this.#failure;
  }

  /** Makes everything that waits, and will be asked, reject. */
  fail(error: unknown): void {
    Atomics.store(this.#flags, STOP, 1);
    this.#fail(error);
  }

  /** Asks the thread to end, and waits until it has. What it is writing stays unfinished. */
  async end(): Promise<void> {
    this.#isEnding = true;
    Atomics.store(this.#flags, STOP, 1);
    this.#worker.ref();
    this.#worker.postMessage({ type: 'quit' } satisfies WriterRequest);
    await this.#ended;
  }

  #onAnswer(answer: WriterAnswer): void {
    if (answer.type === 'error') {
      this.#fail(fromWireError(answer.error));
      return;
    }
    this.#waiting.shift()?.resolve(answer);
    // A writer that is forgotten does not keep the process alive.
    if (this.#waiting.length === 0) this.#worker.unref();
  }

  #fail(error: unknown): void {
    if (!this.#hasFailed) this.#failure = error;
    this.#hasFailed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

function threadDied(path: string, exitCode: number, cause: unknown): VisualError {
  return new VisualError(
    'VB_THREAD_DIED',
    `The thread that wrote ${path} ended with code ${exitCode} before it was done.`,
    { cause, details: { path, exitCode } },
  );
}
