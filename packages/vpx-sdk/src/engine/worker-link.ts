import { fromWireError, VisualError } from 'visualbase';
import { startProcess, startThread, type HostEvents, type RunningHost } from './engine-host.ts';
import type { Numbered, Reply } from './engine-protocol.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Options of {@link WorkerLink}. */
export interface WorkerLinkOptions {
  /** Name of the thread in debuggers and profiles. */
  readonly name: string;
  readonly workerData: unknown;
  /** Run the script in a process instead, without `workerData`. Default false. */
  readonly isProcess?: boolean;
}

/**
 * Requests and replies between this thread and one that it starts (or a process). While a request is pending
 * the thread keeps the process alive; otherwise it does not. If the thread ends by itself, all
 * pending and later requests fail with `VPX_ENGINE_DIED`.
 */
export class WorkerLink<Request> {
  readonly #host: RunningHost;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #nextId = 1;
  #isEnding = false;
  #uncaught: unknown;
  #death: VisualError | undefined;

  /** @param script - The compiled file that the thread runs. */
  constructor(script: URL, options: WorkerLinkOptions) {
    const { isProcess = false, ...threadOptions } = options;
    let onEnd = (): void => undefined;
    this.#ended = new Promise((resolve) => (onEnd = resolve));
    const events: HostEvents = {
      onMessage: (reply) => this.#onReply(reply as Reply),
      onError: (error) => {
        this.#uncaught ??= error;
      },
      onExit: (exit) => {
        this.#onExit(exit);
        onEnd();
      },
    };
    this.#host = isProcess
      ? startProcess(script, events)
      : startThread(script, threadOptions, events);
  }

  /** Settles when the thread has ended, for whatever reason; never rejects. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Why the thread ended by itself; `undefined` while it runs or after {@link WorkerLink.end}. */
  get death(): VisualError | undefined {
    return this.#death;
  }

  /**
   * Sends a request.
   *
   * @param transfer - Memory that is handed over; the caller cannot use it afterwards.
   * @throws What the thread answers; `VPX_ENGINE_DIED` if it has ended or ends before it answers.
   */
  call(request: Request, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // Posting may throw (memory already handed over): before anything is pending.
      this.#host.post({ id, request } satisfies Numbered<Request>, transfer);
      if (this.#pending.size === 0) this.#host.ref();
      this.#pending.set(id, { resolve, reject });
    });
  }

  /** Sends the last request, after which the thread ends by itself, and waits for its end. */
  async end(request: Request): Promise<void> {
    if (!this.#isEnding && this.#death === undefined) {
      this.#isEnding = true;
      // Whether the thread answers or ends first makes no difference.
      this.call(request).catch(() => undefined);
    }
    await this.#ended;
  }

  #onReply(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0 && !this.#isEnding) this.#host.unref();
    if ('error' in reply) pending.reject(fromWireError(reply.error));
    else pending.resolve(reply.value);
  }

  #onExit(exit: number | NodeJS.Signals): void {
    const how = typeof exit === 'number' ? `with exit code ${exit}` : `by ${exit}`;
    const error = this.#isEnding
      ? new VisualError('VPX_CLOSED', 'The engine was closed before it answered.')
      : new VisualError(
          'VPX_ENGINE_DIED',
          `The engine thread ended by itself ${how}, with ${this.#pending.size} calls pending. Open a new engine.`,
          { cause: this.#uncaught, details: { exitCode: exit } },
        );
    if (!this.#isEnding) this.#death = error;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }
}
