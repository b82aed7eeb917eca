import { fork } from 'node:child_process';
import { isMainThread, Worker } from 'node:worker_threads';

/** Where an engine runs: a thread of this process, or a process of its own. */
export type EngineHost = 'thread' | 'process';

/** What a host reports. */
export interface HostEvents {
  readonly onMessage: (message: unknown) => void;
  readonly onError: (error: unknown) => void;
  /** Once, at its end, with its exit code or the signal that ended it. */
  readonly onExit: (exit: number | NodeJS.Signals) => void;
}

/** A running host. */
export interface RunningHost {
  /** @param transfer - Memory that a thread takes over; a process gets a copy. */
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Keeps the process alive; not so in the beginning. */
  ref(): void;
  unref(): void;
}

const HOST_VARIABLE = 'VISUALPATH_ENGINE_HOST';

/**
 * A thread where nobody can end it from outside. A worker thread can be ended by `terminate()`, which
 * ends the threads that it has started as well, and a thread that is ended inside onnxruntime takes
 * the process with it: there a process, which sees that its parent has gone and leaves.
 *
 * @throws RangeError if `VISUALPATH_ENGINE_HOST` is neither.
 */
export function engineHost(): EngineHost {
  const chosen = process.env[HOST_VARIABLE] ?? '';
  if (chosen === 'thread' || chosen === 'process') return chosen;
  if (chosen === '') return isMainThread ? 'thread' : 'process';
  throw new RangeError(`${HOST_VARIABLE} must be "thread" or "process", got "${chosen}".`);
}

/** Starts a thread. */
export function startThread(
  script: URL,
  options: { readonly name: string; readonly workerData: unknown },
  { onMessage, onError, onExit }: HostEvents,
): RunningHost {
  // Without the flags of the main thread: of some (`--input-type`) a thread cannot start.
  const worker = new Worker(script, { ...options, execArgv: [] });
  worker.unref();
  worker.on('message', onMessage);
  worker.on('messageerror', onError);
  worker.on('error', onError);
  worker.once('exit', onExit);
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  };
}

/** Starts a process. */
export function startProcess(script: URL, { onMessage, onError, onExit }: HostEvents): RunningHost {
  const child = fork(script, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const unref = (): void => {
    child.unref();
    child.channel?.unref();
  };
  unref();
  child.on('message', onMessage);
  child.on('error', onError);
  child.once('exit', (code, signal) => onExit(code ?? signal ?? 0));
  return {
    post: (message) => {
      child.send(message as object, (error) => {
        if (error !== null) onError(error);
      });
    },
    ref: () => {
      child.ref();
      child.channel?.ref();
    },
    unref,
  };
}
