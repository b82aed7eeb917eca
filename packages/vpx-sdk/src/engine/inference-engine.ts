import type { ModelRef } from '../model/model-ref.ts';
import { closedError, EngineCore } from './engine-core.ts';
import {
  engineSettings,
  type EngineSettings,
  type InferenceEngineOptions,
} from './engine-options.ts';
import type { EngineRequest, LoadedSession } from './engine-protocol.ts';
import { providersToTry } from './execution-provider.ts';
import { InferenceSession, type EngineLane } from './inference-session.ts';
import { holdSharedCores, setSharedThreadBudget, type HeldCores } from './shared-cores.ts';

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
  /**
   * Threads for one inference. Fewer than asked for where the budget of shared engines does not have
   * them.
   */
  readonly threadCount: number;
  /** Inferences that may run at a time. Fewer than asked for where the budget does not have the threads. */
  readonly laneCount: number;
  readonly #settings: EngineSettings;
  readonly #lanes: readonly EngineLane[];
  readonly #end: () => Promise<void>;
  readonly #sessions = new Set<InferenceSession>();
  #closing: Promise<void> | undefined;

  private constructor(settings: EngineSettings, { cores, threadCount, release }: HeldCores) {
    this.threadCount = threadCount;
    this.laneCount = cores.length;
    this.#settings = settings;
    const room = { capacity: settings.queueCapacity, waitingCount: 0 };
    this.#lanes = cores.map((core) => ({
      submit: (job) => core.submit({ ...job, room }),
      pendingCount: () => core.pendingCount,
    }));
    this.#end = release;
  }

  /**
   * Starts an engine with a thread of its own, outside the budget of the shared ones.
   *
   * @throws RangeError for a wrong option; `VPX_PROVIDER_UNAVAILABLE` if this platform offers none of
   * `executionProviders`; `VPX_ENGINE_DIED` with the cause if onnxruntime does not load.
   */
  static async open(options: InferenceEngineOptions = {}): Promise<InferenceEngine> {
    const settings = await usableSettings(options);
    const { threadCount, laneCount } = settings;
    const starting = Array.from({ length: laneCount }, () => EngineCore.start());
    const release = async (): Promise<void> => {
      const cores = await Promise.allSettled(starting);
      await Promise.all(
        cores.flatMap((core) => (core.status === 'fulfilled' ? [core.value.close()] : [])),
      );
    };
    try {
      return new InferenceEngine(settings, {
        cores: await Promise.all(starting),
        threadCount,
        release,
      });
    } catch (error) {
      await release();
      throw error;
    }
  }

  /**
   * A handle on the engine threads that all modules of the process share, whatever their options. Each
   * handle stays on its threads, one for each lane. A new one gets a thread of its own while the budget has
   * room (as many threads as there are cores, `VISUALPATH_ENGINE_THREADS`, or what
   * {@link InferenceEngine.limitShared} said), else the thread that the fewest share; so modules that
   * run side by side use several cores, and never more than the budget. A thread ends when the last
   * of its handles is closed.
   *
   * @throws As {@link InferenceEngine.open}.
   */
  static async shared(options: InferenceEngineOptions = {}): Promise<InferenceEngine> {
    const settings = await usableSettings(options);
    return new InferenceEngine(settings, await holdSharedCores(settings));
  }

  /**
   * How many threads all shared engines of the process may use together, from now on: those that
   * wait for inferences count, and each as many as its `threadCount`. Handles that exist stay as they
   * are. Goes before `VISUALPATH_ENGINE_THREADS`.
   *
   * @throws RangeError unless it is a whole number from 1 to 256.
   */
  static limitShared(threadCount: number): void {
    setSharedThreadBudget(threadCount);
  }

  /**
   * Finds, converts and loads a model, all in the engine thread; into every lane.
   *
   * @param model - Where it comes from, or the bytes of a .tflite or .onnx file.
   * @throws As `ModelStore.resolve`; `VPX_MODEL_INVALID` with the cause if onnxruntime refuses it;
   * `VPX_PROVIDER_UNAVAILABLE` if none of the `executionProviders` starts;
   * `VPX_MODEL_UNSUPPORTED` if an input or output is not float32; `VPX_CLOSED`.
   */
  async load(model: ModelRef | Uint8Array, options: LoadOptions = {}): Promise<InferenceSession> {
    const { keepOutputs, signal } = options;
    signal?.throwIfAborted();
    if (this.#closing !== undefined) throw closedError();
    const { cacheFolder, executionProviders } = this.#settings;
    const settings = {
      keepOutputs,
      cacheFolder,
      executionProviders,
      threadCount: this.threadCount,
    };
    const session = this.#load({ kind: 'load', model, settings });
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

  async #load(request: EngineRequest): Promise<InferenceSession> {
    const [first, ...others] = this.#lanes;
    // The first has converted the model when the others look for it.
    const loaded = (await first!.submit({ request })) as LoadedSession;
    const session = new InferenceSession(loaded, first!, (gone) => this.#sessions.delete(gone));
    this.#sessions.add(session);
    try {
      await Promise.all(
        others.map(async (lane) => {
          session.addLane((await lane.submit({ request })) as LoadedSession, lane);
        }),
      );
      return session;
    } catch (error) {
      await session.release();
      throw error;
    }
  }
}

async function usableSettings(options: InferenceEngineOptions): Promise<EngineSettings> {
  const settings = engineSettings(options);
  return { ...settings, executionProviders: await providersToTry(settings.executionProviders) };
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
