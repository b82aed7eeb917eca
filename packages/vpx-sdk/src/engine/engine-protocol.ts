import type { WireError } from 'visualbase';
import type { TensorSpec } from '../convert/convert-tflite.ts';
import type { ModelRef } from '../model/model-ref.ts';
import type { ExecutionProvider } from './execution-provider.ts';
import type { TensorData } from './tensor-data.ts';

/** What the engine thread is started with. */
export interface EngineWorkerData {
  /** See {@link NativeCallFlags}. */
  readonly flags: SharedArrayBuffer;
}

/** What the main thread asks of the engine thread; answered one after the other, in order. */
export type EngineRequest =
  | { readonly kind: 'start' }
  | {
      readonly kind: 'load';
      readonly model: ModelRef | Uint8Array;
      readonly settings: LoadSettings;
    }
  | {
      readonly kind: 'run';
      readonly sessionId: number;
      readonly inputs: Readonly<Record<string, TensorData>>;
    }
  | { readonly kind: 'release'; readonly sessionId: number }
  | { readonly kind: 'close' };

/** How a model is loaded. */
export interface LoadSettings {
  readonly keepOutputs: readonly string[] | undefined;
  readonly cacheFolder: string | undefined;
  readonly threadCount: number;
  /** Those that the platform offers, first choice first. */
  readonly executionProviders: readonly ExecutionProvider[];
}

/** What `load` answers. */
export interface LoadedSession {
  readonly sessionId: number;
  readonly executionProvider: ExecutionProvider;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** What `run` answers. */
export interface RunAnswer {
  readonly outputs: Readonly<Record<string, TensorData>>;
  /** The memory of the inputs, given back where it was handed over. */
  readonly inputs?: Readonly<Record<string, TensorData>>;
}

/** A request with the number that its reply carries. */
export interface Numbered<Request> {
  readonly id: number;
  readonly request: Request;
}

/** The reply to request `id`. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: WireError };
