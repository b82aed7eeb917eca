import { Worker } from 'node:worker_threads';
import type { DecodeJob, DecodeMessage, DecodeThreadRequest } from './decode-job.ts';

/** Idle threads are kept, since starting one and loading FFmpeg into it takes a tenth of a second. */
const MAX_IDLE = 2;

/** The thread makes small objects only, for every picture; by default 48 MB of them would pile up. */
const YOUNG_MB = 6;

/** A job in a decode thread. */
export interface DecodeTask {
  /** Settles when the thread is done with the job, or has died; never rejects. */
  readonly done: Promise<void>;
  /** Whether the task keeps the process alive. It does not at first. */
  keepAlive(isWanted: boolean): void;
}

/** Where a {@link DecodeTask} reports. */
export interface DecodeListener {
  onMessage(message: DecodeMessage): void;
  /** The thread ended in the middle of the job. */
  onDeath(cause: unknown): void;
}

const idle: Worker[] = [];

/**
 * Runs a job in a decode thread, taking an idle one if there is one. Threads are asked to end, never
 * terminated: ending a thread inside a native call takes the process down.
 */
export function startDecoding(job: DecodeJob, listener: DecodeListener): DecodeTask {
  const worker = idle.pop() ?? newThread();
  let isMine = true;
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  let crash: unknown = 'it ended without a reason';
  const onMessage = (message: DecodeMessage): void => {
    if (message.type !== 'wake') retire();
    listener.onMessage(message);
  };
  const onError = (error: unknown): void => {
    crash = error;
  };
  const onExit = (): void => {
    finish();
    listener.onDeath(crash);
  };
  const retire = (): void => {
    isMine = false;
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    worker.unref();
    if (idle.length < MAX_IDLE) idle.push(worker);
    else worker.postMessage({ type: 'quit' } satisfies DecodeThreadRequest);
    finish();
  };
  worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  // Listening for messages makes a worker keep the process alive again.
  worker.unref();
  worker.postMessage({ type: 'decode', job } satisfies DecodeThreadRequest);
  return {
    done,
    keepAlive: (isWanted) => {
      // By now the thread may serve somebody else.
      if (!isMine) return;
      if (isWanted) worker.ref();
      else worker.unref();
    },
  };
}

/** Starts a thread that will be needed soon. */
export function prepareThread(): void {
  if (idle.length === 0) idle.push(newThread());
}

function newThread(): Worker {
  // The program's own flags are not for this thread: --input-type, for one, would keep it from starting.
  const worker = new Worker(new URL('./decode-thread.js', import.meta.url), {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  worker.unref();
  worker.on('exit', () => {
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
  });
  return worker;
}
