import type { ModelRef } from '../model/model-ref.ts';
import { closedError, EngineCore, type EngineSettings } from './engine-core.ts';
import type { LoadedSession } from './engine-protocol.ts';
import { InferenceSession } from './inference-session.ts';
import { holdSharedCore } from './shared-cores.ts';

/** Options of {@link InferenceEngine}. */
export interface InferenceEngineOptions {
  /**
   * Threads that share the work of one inference (onnxruntime's intra-op threads). Default 1: a
   * second thread made the face models 1.1 to 1.8 times faster on two cores, for up to 1.9 times the
   * processor time (its threads spin while they wait), which decoding and other engines use better.
   * Raise it where one inference must be quick and cores idle.
   */
  readonly threadCount?: number;
  /** Execution providers of onnxruntime, first choice first. Default `['cpu']`. */
  readonly executionProviders?: readonly string[];
  /** Folder for converted models. Default: the user's cache folder. */
  readonly cacheFolder?: string;
  /** How many calls may wait before further ones fail with `VPX_ENGINE_BUSY`. Default 256. */
  readonly queueCapacity?: number;
}

/** Options of {@link InferenceEngine.load}. */
export interface LoadOptions {
  /** Names of the outputs to compute. Default: all. */
  readonly keepOutputs?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * A thread of its own that runs neural networks with onnxruntime, so that the event loop stays
 * free. Close it, or the process keeps its memory; an idle engine does not keep the process alive.
 *
 * Never end the thread from outside: a thread that is stopped inside onnxruntime takes the process
 * with it. `close()` waits for the run in progress, and so does an exit of the process.
 */
export class InferenceEngine {
  readonly #core: EngineCore;
  readonly #end: () => Promise<void>;
  readonly #sessions = new Set<InferenceSession>();
  #closing: Promise<void> | undefined;

  private constructor(core: EngineCore, end: () => Promise<void>) {
    this.#core = core;
    this.#end = end;
  }

  /** Starts an engine. @throws `VPX_ENGINE_DIED` with the cause if onnxruntime does not load. */
  static async open(options: InferenceEngineOptions = {}): Promise<InferenceEngine> {
    const core = await EngineCore.start(engineSettings(options));
    return new InferenceEngine(core, () => core.close());
  }

  /**
   * A handle on the engine that all who ask with the same options share. The thread ends when the
   * last of them has closed its handle.
   */
  static async shared(options: InferenceEngineOptions = {}): Promise<InferenceEngine> {
    const { core, release } = await holdSharedCore(engineSettings(options));
    return new InferenceEngine(core, release);
  }

  /**
   * Finds, converts and loads a model, all in the engine thread.
   *
   * @param model - Where it comes from, or the bytes of a .tflite or .onnx file.
   * @throws As `ModelStore.resolve`; `VPX_MODEL_INVALID` with the cause if onnxruntime refuses it;
   * `VPX_MODEL_UNSUPPORTED` if an input or output is not float32; `VPX_CLOSED`.
   */
  async load(model: ModelRef | Uint8Array, options: LoadOptions = {}): Promise<InferenceSession> {
    const { keepOutputs, signal } = options;
    signal?.throwIfAborted();
    if (this.#closing !== undefined) throw closedError();
    const loading = this.#core.submit({ request: { kind: 'load', model, keepOutputs } });
    const session = loading.then((loaded) => this.#adopt(loaded as LoadedSession));
    return signal === undefined ? session : abortable(session, signal);
  }

  /**
   * Waits for the run in progress, fails those that wait with `VPX_CLOSED`, releases the sessions
   * and ends the thread. A shared engine goes on for its other holders; only the sessions of this
   * handle are released. Idempotent; never rejects.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const releasing = [...this.#sessions].map((session) => session.release());
    await this.#end();
    await Promise.all(releasing);
  }

  #adopt(loaded: LoadedSession): InferenceSession {
    const session = new InferenceSession(this.#core, loaded, (gone) => this.#sessions.delete(gone));
    this.#sessions.add(session);
    return session;
  }
}

/** Rejects with the reason of `signal`; a session that arrives all the same is released. */
async function abortable(
  loading: Promise<InferenceSession>,
  signal: AbortSignal,
): Promise<InferenceSession> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([loading, aborted]);
  } catch (error) {
    // The caller has gone: a load that fails as well is nobody's business any more.
    loading.then((session) => session.release()).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function engineSettings(options: InferenceEngineOptions): EngineSettings {
  const { threadCount = 1, queueCapacity = 256, executionProviders = ['cpu'] } = options;
  for (const [name, value, most] of [
    ['threadCount', threadCount, 256],
    ['queueCapacity', queueCapacity, 1_000_000],
  ] as const) {
    if (!(Number.isSafeInteger(value) && value >= 1 && value <= most)) {
      throw new RangeError(
        `The \`${name}\` option must be a whole number from 1 to ${most}, got ${value}.`,
      );
    }
  }
  return { threadCount, queueCapacity, executionProviders, cacheFolder: options.cacheFolder };
}
