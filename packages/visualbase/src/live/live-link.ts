import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { fromWireError, VisualError } from '../errors/visual-error.ts';
import { guardExit } from '../threads/exit-guard.ts';
import type { CutFacts, LiveMessage, LiveRequest } from './live-job.ts';

// Far longer than one native call takes; one that hangs must not hang the exit for ever.
const EXIT_WAIT_MS = 10_000;

/** What the thread of a live source says by itself. */
export type LiveReport = Exclude<LiveMessage, { readonly type: 'cut' | 'cutFailed' }>;

/** Where a {@link LiveLink} reports. */
export interface LiveListener {
  onReport(report: LiveReport): void;
  /** The thread ended without being asked to. */
  onDeath(error: VisualError): void;
}

/** What is asked of the recording. Media time. */
export interface CutRange {
  readonly startNs: number;
  readonly endNs: number;
  /** Where to write. */
  readonly path: string;
}

interface PendingCut {
  resolve(facts: CutFacts): void;
  reject(error: unknown): void;
}

/** The reading side's hold on the thread of one live source. */
export class LiveLink {
  readonly #worker: Worker;
  readonly #label: string;
  readonly #busy = new Int32Array(new SharedArrayBuffer(4));
  readonly #cuts = new Map<number, PendingCut>();
  #nextId = 1;
  #waiters = 0;
  #isStopped = false;
  #crash: unknown;
  #death: VisualError | undefined;

  /** Settles when the thread has ended; never rejects. */
  readonly done: Promise<void>;

  /**
   * Starts the thread.
   *
   * @param label - For people.
   * @param first - Makes the first request, with the word that says whether native code runs.
   */
  constructor(
    label: string,
    first: (busy: SharedArrayBuffer) => LiveRequest,
    listener: LiveListener,
  ) {
    this.#label = label;
    Atomics.store(this.#busy, 0, 1);
    // The program's own flags are not for this thread: --input-type, for one, would keep it from starting.
    this.#worker = new Worker(new URL('./live-thread.js', import.meta.url), {
      execArgv: [],
      name: 'visualbase-live',
    });
    const unguard = guardExit(() => {
      this.stop();
      const waited = Atomics.wait(this.#busy, 0, 1, EXIT_WAIT_MS);
      // Node would wait for the thread, and it for a driver that does not come back.
      if (waited === 'timed-out') process.kill(process.pid, 'SIGKILL');
    });
    this.#worker.on('message', (message: LiveMessage) => this.#onMessage(message, listener));
    this.#worker.on('error', (error) => (this.#crash = error));
    this.done = new Promise((resolve) => {
      this.#worker.once('exit', (exitCode) => {
        unguard();
        const error = this.#isStopped ? this.#closed() : this.#died(exitCode);
        for (const cut of this.#cuts.values()) cut.reject(error);
        this.#cuts.clear();
        if (!this.#isStopped) {
          this.#death = error;
          listener.onDeath(error);
        }
        resolve();
      });
    });
    // Only somebody who waits keeps the process alive.
    this.#worker.unref();
    this.send(first(this.#busy.buffer));
  }

  /** Says something to the thread, handing `transfer` over. */
  send(request: LiveRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  /** Keeps the process alive while `work` is under way. */
  async during<T>(work: Promise<T>): Promise<T> {
    if (this.#waiters++ === 0) this.#worker.ref();
    try {
      return await work;
    } finally {
      if (--this.#waiters === 0) this.#worker.unref();
    }
  }

  /**
   * Has a part of the recording written into a file, once its end has come.
   *
   * @throws VisualError `VB_CLIP_OUTSIDE`, `VB_WRITE_FAILED`, `VB_CLOSED`; the signal's reason.
   */
  async cut(range: CutRange, signal: AbortSignal | undefined): Promise<CutFacts> {
    signal?.throwIfAborted();
    if (this.#isStopped) throw this.#closed();
    if (this.#death !== undefined) throw this.#death;
    const id = this.#nextId++;
    const answered = new Promise<CutFacts>((resolve, reject) => {
      this.#cuts.set(id, { resolve, reject });
    });
    const forget = (): void => {
      this.send({ type: 'forget', id });
      this.#take(id)?.reject(signal!.reason);
    };
    signal?.addEventListener('abort', forget, { once: true });
    this.send({ type: 'cut', id, ...range });
    try {
      return await this.during(answered);
    } finally {
      signal?.removeEventListener('abort', forget);
    }
  }

  /**
   * Asks the thread to end, and waits until it has. One that is stuck in a driver is left behind after ten
   * seconds; nothing of it is used any more.
   */
  async close(): Promise<void> {
    this.stop();
    const patience = new AbortController();
    const late = sleep(EXIT_WAIT_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await this.during(Promise.race([this.done, late]));
    patience.abort();
    for (const cut of this.#cuts.values()) cut.reject(this.#closed());
    this.#cuts.clear();
  }

  /** Asks the thread to end. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.send({ type: 'stop' });
  }

  #onMessage(message: LiveMessage, listener: LiveListener): void {
    if (message.type === 'cut') this.#take(message.id)?.resolve(message.facts);
    else if (message.type === 'cutFailed') {
      this.#take(message.id)?.reject(fromWireError(message.error));
    } else {
      listener.onReport(message);
    }
  }

  #take(id: number): PendingCut | undefined {
    const cut = this.#cuts.get(id);
    this.#cuts.delete(id);
    return cut;
  }

  #closed(): VisualError {
    return new VisualError('VB_CLOSED', `${this.#label} was closed. Open it again.`, {
      details: { source: this.#label },
    });
  }

  #died(exitCode: number): VisualError {
    const why = this.#crash === undefined ? `code ${exitCode}` : (this.#crash as Error).message;
    return new VisualError('VB_THREAD_DIED', `The thread that read ${this.#label} ended: ${why}.`, {
      cause: this.#crash,
      details: { source: this.#label, exitCode },
    });
  }
}
