import { workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { toWireError, VisualError } from 'visualbase';
import { convertTflite, type TensorSpec } from '../convert/convert-tflite.ts';
import { OnnxGraph } from '../convert/onnx-graph.ts';
import { invalidModel, unknownOutput, unsupportedModel } from '../errors/model-errors.ts';
import { describeModel, type ModelRef } from '../model/model-ref.ts';
import { ModelStore } from '../model/model-store.ts';
import type {
  EngineRequest,
  EngineWorkerData,
  LoadedSession,
  LoadSettings,
  Numbered,
  Reply,
  RunAnswer,
} from './engine-protocol.ts';
import {
  providersFailed,
  type ExecutionProvider,
  type ProviderFailure,
} from './execution-provider.ts';
import { enginePort } from './engine-port.ts';
import { NativeCallFlags } from './native-call-flags.ts';
import type { TensorData } from './tensor-data.ts';

interface OpenSession {
  readonly native: InferenceSession;
  readonly outputNames: readonly string[];
}

const port = enginePort();
// A process has nobody to share flags with.
const flags = new NativeCallFlags((workerData as EngineWorkerData | null)?.flags);
const sessions = new Map<number, OpenSession>();
// Providers that do not work at all, so that each is tried once and onnxruntime complains once.
const broken = new Map<ExecutionProvider, ProviderFailure>();
let lastSessionId = 0;

// One after the other: onnxruntime blocks the thread anyway, and replies keep the order of requests.
let last: Promise<void> = Promise.resolve();
port.listen((message) => {
  last = last.then(() => answer(message as Numbered<EngineRequest>));
});

async function answer({ id, request }: Numbered<EngineRequest>): Promise<void> {
  try {
    const { value, transfer } = await handle(request);
    port.post({ id, value } satisfies Reply, transfer);
  } catch (error) {
    port.post({ id, error: toWireError(error) } satisfies Reply);
  }
  if (request.kind === 'close') port.close();
}

interface Answer {
  readonly value: unknown;
  readonly transfer: ArrayBuffer[];
}

async function handle(request: EngineRequest): Promise<Answer> {
  switch (request.kind) {
    case 'start':
      return { value: undefined, transfer: [] };
    case 'load':
      return { value: await load(request.model, request.settings), transfer: [] };
    case 'run':
      return run(request.sessionId, request.inputs);
    case 'release':
      await release(request.sessionId);
      return { value: undefined, transfer: [] };
    case 'close':
      for (const sessionId of [...sessions.keys()]) await release(sessionId);
      return { value: undefined, transfer: [] };
  }
}

async function load(model: ModelRef | Uint8Array, settings: LoadSettings): Promise<LoadedSession> {
  const onnx = await findOnnx(model, settings);
  const name = model instanceof Uint8Array ? 'the model' : describeModel(model);
  const { native, executionProvider } = await createSession(onnx, name, settings);
  try {
    const outputNames = settings.keepOutputs ?? native.outputNames;
    const inputs = tensorSpecs(native.inputMetadata, native.inputNames);
    const outputs = tensorSpecs(native.outputMetadata, outputNames);
    lastSessionId += 1;
    sessions.set(lastSessionId, { native, outputNames });
    return { sessionId: lastSessionId, executionProvider, inputs, outputs };
  } catch (error) {
    await flags.guard(() => native.release());
    throw error;
  }
}

async function findOnnx(
  model: ModelRef | Uint8Array,
  { keepOutputs, cacheFolder }: LoadSettings,
): Promise<Uint8Array> {
  const options = keepOutputs === undefined ? {} : { keepOutputs };
  if (!(model instanceof Uint8Array)) {
    const store = new ModelStore(cacheFolder === undefined ? {} : { cacheFolder });
    return (await store.resolve(model, options)).onnx;
  }
  const isTflite = Buffer.from(model.subarray(4, 8)).toString('latin1') === 'TFL3';
  return isTflite ? convertTflite(model, options).onnx : model;
}

interface CreatedSession {
  readonly native: InferenceSession;
  readonly executionProvider: ExecutionProvider;
}

/** Tries the providers in their order. */
async function createSession(
  onnx: Uint8Array,
  name: string,
  { executionProviders, threadCount }: LoadSettings,
): Promise<CreatedSession> {
  const failures: ProviderFailure[] = [];
  for (const provider of executionProviders) {
    const known = broken.get(provider);
    if (known !== undefined) {
      failures.push(known);
      continue;
    }
    try {
      const native = await create(onnx, provider, threadCount);
      return { native, executionProvider: provider };
    } catch (cause) {
      const failure = { provider, cause };
      failures.push(failure);
      if (!(await canStart(provider))) broken.set(provider, failure);
    }
  }
  const { provider, cause } = failures.at(-1)!;
  if (broken.has(provider)) throw providersFailed(failures);
  throw invalidModel(`onnxruntime cannot load ${name} with ${provider}: ${messageOf(cause)}`, {
    cause,
  });
}

function create(
  onnx: Uint8Array,
  provider: ExecutionProvider,
  threadCount: number,
): Promise<InferenceSession> {
  return flags.guard(() =>
    InferenceSession.create(onnx, {
      executionProviders: [provider],
      intraOpNumThreads: threadCount,
      interOpNumThreads: 1,
      // Fatal only: errors are thrown, and the log would say them a second time.
      logSeverityLevel: 4,
    }),
  );
}

/** Whether a provider works at all, tried with a model that cannot be wrong: it copies a number. */
async function canStart(provider: ExecutionProvider): Promise<boolean> {
  const graph = new OnnxGraph(['x', 'y']);
  graph.input('x', [1]);
  graph.node('Identity', ['x'], {}, 'y');
  graph.output('y', [1]);
  try {
    const probe = await create(graph.finish('probe'), provider, 1);
    await flags.guard(() => probe.release());
    return true;
  } catch {
    return false;
  }
}

function tensorSpecs(
  metadata: readonly InferenceSession.ValueMetadata[],
  names: readonly string[],
): TensorSpec[] {
  return names.map((name) => {
    const found = metadata.find((value) => value.name === name);
    if (found === undefined) {
      throw unknownOutput(
        name,
        metadata.map((value) => value.name),
      );
    }
    if (!found.isTensor || found.type !== 'float32') {
      throw unsupportedModel(
        `"${name}" is ${found.isTensor ? found.type : 'no tensor'}; the engine takes float32 only. Leave it out with keepOutputs, or convert the model.`,
        { details: { tensor: name } },
      );
    }
    return { name, dims: found.shape };
  });
}

async function run(
  sessionId: number,
  inputs: Readonly<Record<string, TensorData>>,
): Promise<Answer> {
  const session = sessions.get(sessionId);
  if (session === undefined) throw new VisualError('VPX_CLOSED', 'The session was released.');
  const feeds: Record<string, Tensor> = {};
  for (const [name, { data, dims }] of Object.entries(inputs)) {
    feeds[name] = new Tensor('float32', data, dims);
  }
  const transfer = new Set(Object.values(inputs).map(({ data }) => data.buffer));
  const outputs: Record<string, TensorData> = {};
  for (const [name, { data, dims }] of Object.entries(await infer(session, feeds))) {
    const floats = data as Float32Array<ArrayBuffer>;
    outputs[name] = { data: floats, dims };
    transfer.add(floats.buffer);
  }
  const value: RunAnswer = port.canTransfer ? { outputs, inputs } : { outputs };
  return { value, transfer: [...transfer] };
}

async function infer(
  { native, outputNames }: OpenSession,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<InferenceSession.OnnxValueMapType> {
  try {
    return await flags.guard(() => native.run(feeds, outputNames));
  } catch (cause) {
    throw new VisualError('VPX_RUN_FAILED', `The inference failed: ${messageOf(cause)}`, { cause });
  }
}

async function release(sessionId: number): Promise<void> {
  const session = sessions.get(sessionId);
  sessions.delete(sessionId);
  if (session !== undefined) await flags.guard(() => session.native.release());
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
