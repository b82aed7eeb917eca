import { VisualError } from 'visualbase';
import { engineHost } from './engine-host.ts';
import type { EngineRequest, EngineWorkerData } from './engine-protocol.ts';
import { guardExit, unguardExit } from './exit-guard.ts';
import { NativeCallFlags } from './native-call-flags.ts';
import { WorkerLink } from './worker-link.ts';

/** Counts the waiting jobs of one handle, so that each has room of its own in a shared queue. */
interface QueueRoom {
  readonly capacity: number;
  waitingCount: number;
}

/** A request on its way. */
export interface EngineJob {
  readonly request: EngineRequest;
  readonly room: QueueRoom;
  /** Memory that goes along. */
  readonly transfer?: readonly ArrayBuffer[];
  readonly signal?: AbortSignal | undefined;
}

interface WaitingJob extends EngineJob {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

// Two, so that the thread finds its next job without waiting for the main thread; the rest waits
// here, where it can still be withdrawn.
const MAX_IN_FLIGHT = 2;

/**
 * One engine thread with its queue: jobs go to the thread in the order in which they come, and may
 * be aborted while they wait.
 */
export class EngineCore {
  readonly #link: WorkerLink<EngineRequest>;
  readonly #waiting: WaitingJob[] = [];
  #inFlight = 0;
  #closing: Promise<void> | undefined;

  private constructor() {
    const flags = new NativeCallFlags();
    const workerData: EngineWorkerData = { flags: flags.memory };
    const isProcess = engineHost() === 'process';
    this.#link = new WorkerLink(new URL('./engine-worker.js', import.meta.url), {
      ...{ name: 'vpx-engine', workerData, isProcess },
    });
    if (isProcess) return;
    guardExit(flags);
    void this.#link.ended.then(() => unguardExit(flags));
  }

  /** Starts a thread and waits until it can take models. */
  static async start(): Promise<EngineCore> {
    // A native addon that only worker threads have loaded is unloaded with the first of them and
    // cannot be loaded again.
    await import('onnxruntime-node');
    const core = new EngineCore();
    await core.submit({ request: { kind: 'start' }, room: { capacity: 1, waitingCount: 0 } });
    return core;
  }

  /** Settles when the thread has ended, for whatever reason. */
  get ended(): Promise<void> {
    return this.#link.ended;
  }

  /** Jobs that wait or are under way. */
  get pendingCount(): number {
    return this.#waiting.length + this.#inFlight;
  }

  /** Queues a job. @throws what the thread answers, or the reason of `signal`. */
  async submit(job: EngineJob): Promise<unknown> {
    const { signal, room } = job;
    signal?.throwIfAborted();
    if (this.#closing !== undefined) throw closedError();
    if (this.#link.death !== undefined) throw this.#link.death;
    // A release makes room; refusing it would leak the model.
    if (job.request.kind !== 'release' && room.waitingCount >= room.capacity) {
      throw new VisualError(
        'VPX_ENGINE_BUSY',
        `The engine already has ${room.waitingCount} calls waiting. Await earlier calls before making more, or raise queueCapacity.`,
        { details: { queueCapacity: room.capacity } },
      );
    }
    let onAbort = (): void => undefined;
    try {
      return await new Promise((resolve, reject) => {
        const waiting: WaitingJob = { ...job, resolve, reject };
        onAbort = () => {
          const at = this.#waiting.indexOf(waiting);
          if (at >= 0) this.#take(at);
          // A job in flight runs to its end, which nobody waits for any more.
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        this.#waiting.push(waiting);
        room.waitingCount += 1;
        this.#dispatch();
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Ends the thread: what is in flight runs to its end, what waits fails with `VPX_CLOSED`,
   * sessions are released, and the thread leaves by itself.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    while (this.#waiting.length > 0) this.#take(0)?.reject(closedError());
    await this.#link.end({ kind: 'close' });
  }

  #take(at: number): WaitingJob | undefined {
    const [job] = this.#waiting.splice(at, 1);
    if (job !== undefined) job.room.waitingCount -= 1;
    return job;
  }

  #dispatch(): void {
    while (this.#inFlight < MAX_IN_FLIGHT) {
      const job = this.#take(0);
      if (job === undefined) return;
      this.#inFlight += 1;
      void this.#send(job);
    }
  }

  async #send({ request, transfer, resolve, reject }: WaitingJob): Promise<void> {
    try {
      const value = await this.#link.call(request, transfer);
      // A process got a copy of the inputs, and does not send them back.
      resolve(request.kind === 'run' ? { inputs: request.inputs, ...(value as object) } : value);
    } catch (error) {
      reject(error);
    } finally {
      this.#inFlight -= 1;
      this.#dispatch();
    }
  }
}

/** The error for a call on a closed engine. */
export const closedError = (): VisualError =>
  new VisualError(
    'VPX_CLOSED',
    'The engine is closed. Keep it open for as long as calls are made.',
  );
