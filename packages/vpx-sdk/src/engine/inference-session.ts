import { isVisualError, VisualError, type ErrorCode } from 'visualbase';
import type { TensorSpec } from '../convert/convert-tflite.ts';
import type { EngineJob } from './engine-core.ts';
import type { LoadedSession, RunAnswer } from './engine-protocol.ts';
import type { ExecutionProvider } from './execution-provider.ts';
import { checkInputs, transferableInputs, type TensorData } from './tensor-data.ts';

/** Options of {@link InferenceSession.run}. */
export interface RunOptions {
  /**
   * Withdraws a run that waits. One that has begun goes on to its end in the engine thread, but its
   * promise rejects at once.
   */
  readonly signal?: AbortSignal;
  /**
   * Gets the memory of each input back after a run that succeeded, to be filled again: spares
   * the allocation of half a megabyte per picture (0.02 ms) and, more, its garbage collection.
   */
  readonly recycle?: (name: string, data: Float32Array<ArrayBuffer>) => void;
}

/** One of the threads of an engine. */
export interface EngineLane {
  readonly submit: (job: Omit<EngineJob, 'room'>) => Promise<unknown>;
  /** Jobs of all who share the thread that wait or are under way. */
  readonly pendingCount: () => number;
}

interface SessionLane extends EngineLane {
  readonly sessionId: number;
}

const GONE: readonly ErrorCode[] = ['VPX_CLOSED', 'VPX_ENGINE_DIED'];

/** A model loaded into an engine. Made by `engine.load`. */
export class InferenceSession {
  /** What {@link InferenceSession.run} wants. */
  readonly inputs: readonly TensorSpec[];
  /** What it gives. */
  readonly outputs: readonly TensorSpec[];
  /**
   * Where it computes: the first of the engine's `executionProviders` with which it could be loaded.
   * Operators that a provider lacks run on the processor; onnxruntime does not say which.
   */
  readonly executionProvider: ExecutionProvider;
  readonly #lanes: SessionLane[] = [];
  readonly #onRelease: (session: InferenceSession) => void;
  #releasing: Promise<void> | undefined;

  /** @internal */
  constructor(
    loaded: LoadedSession,
    lane: EngineLane,
    onRelease: (session: InferenceSession) => void,
  ) {
    this.inputs = loaded.inputs;
    this.outputs = loaded.outputs;
    this.executionProvider = loaded.executionProvider;
    this.#onRelease = onRelease;
    this.addLane(loaded, lane);
  }

  /**
   * As many runs as keep all lanes busy: one under way in each, and the next one ready. More only fill
   * the queue and the memory.
   */
  get usefulRunCount(): number {
    return this.#lanes.length * 2;
  }

  /** @internal */
  addLane({ sessionId }: LoadedSession, lane: EngineLane): void {
    this.#lanes.push({ ...lane, sessionId });
  }

  /**
   * Runs the model once, in the lane that has the least to do. Runs of all sessions of an engine with
   * one lane go in the order of the calls.
   *
   * @param inputs - All inputs of the model. Their memory is handed to the engine thread: the arrays
   * are empty afterwards (unless they are parts of larger buffers, which are copied).
   * @throws TypeError or RangeError if the inputs do not fit; `VPX_RUN_FAILED` if the inference
   * fails; `VPX_CLOSED` after release or close; `VPX_ENGINE_BUSY`; `VPX_ENGINE_DIED`; the reason of
   * `signal`.
   */
  async run(
    inputs: Readonly<Record<string, TensorData>>,
    options: RunOptions = {},
  ): Promise<Readonly<Record<string, TensorData>>> {
    const { signal, recycle } = options;
    signal?.throwIfAborted();
    if (this.#releasing !== undefined) {
      throw new VisualError('VPX_CLOSED', 'The session was released. Load the model again.');
    }
    checkInputs(inputs, this.inputs);
    const ready = transferableInputs(inputs);
    const { submit, sessionId } = this.#freestLane();
    const answer = (await submit({
      request: { kind: 'run', sessionId, inputs: ready.inputs },
      transfer: ready.transfer,
      signal,
    })) as RunAnswer;
    if (recycle !== undefined) {
      for (const [name, { data }] of Object.entries(answer.inputs ?? {})) recycle(name, data);
    }
    return answer.outputs;
  }

  /** Frees the model, after the runs that were called before. Idempotent. */
  release(): Promise<void> {
    return (this.#releasing ??= this.#release());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  #freestLane(): SessionLane {
    return this.#lanes.reduce((best, lane) =>
      lane.pendingCount() < best.pendingCount() ? lane : best,
    );
  }

  async #release(): Promise<void> {
    this.#onRelease(this);
    await Promise.all(this.#lanes.map(releaseFrom));
  }
}

async function releaseFrom({ submit, sessionId }: SessionLane): Promise<void> {
  try {
    await submit({ request: { kind: 'release', sessionId } });
  } catch (error) {
    // The end of the engine has freed the model as well.
    const isGone = isVisualError(error) && GONE.includes(error.code);
    if (!isGone) throw error;
  }
}
