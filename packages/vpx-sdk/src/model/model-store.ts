import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { VisualError } from 'visualbase';
import {
  CONVERTER_VERSION,
  convertTflite,
  type ConvertOptions,
  type ConvertedModel,
} from '../convert/convert-tflite.ts';
import { convertTfjs } from '../convert/tfjs/convert-tfjs.ts';
import { invalidModel } from '../errors/model-errors.ts';
import { decodeCacheEntry, encodeCacheEntry } from './cache-entry.ts';
import { modelCacheFolder } from './cache-folder.ts';
import { describeModel, type ModelRef, type PackedModelRef } from './model-ref.ts';
import { packageFile } from './npm-package.ts';
import { readPackedAsset } from './packed-assets.ts';
import { readWeights } from './tfjs-weights.ts';

// Node reads no more into one buffer than this, and protobuf, which ONNX is, ends there too.
const MAX_MODEL_BYTES = 2 ** 31 - 1;

/** Options of {@link ModelStore}. */
export interface ModelStoreOptions {
  /** Folder for converted models. Default: {@link modelCacheFolder}. */
  readonly cacheFolder?: string;
}

/** Options of {@link ModelStore.resolve}. */
export interface ResolveOptions extends ConvertOptions {
  readonly signal?: AbortSignal;
}

/** A model that an engine can load. */
export interface ResolvedModel {
  /** The bytes of an .onnx file. */
  readonly onnx: Uint8Array;
  /** SHA-256 of the model as it was found, before any conversion; hex. */
  readonly sha256: string;
  /**
   * How the bytes came about: read as they are, converted now, or taken from the cache of what was
   * converted before.
   */
  readonly origin: 'onnx' | 'converted' | 'cache';
}

/**
 * Finds models in npm packages or on disk, converts TFLite and graph models of TensorFlow.js to
 * ONNX, and keeps the results in the user's cache folder under a name made of the content, the converter's version and the options. An
 * entry that is damaged is made anew; a folder that cannot be written costs only time.
 */
export class ModelStore {
  readonly #cacheFolder: string;

  constructor(options: ModelStoreOptions = {}) {
    this.#cacheFolder = options.cacheFolder ?? modelCacheFolder();
  }

  /**
   * Reads a model and makes ONNX of it. A file that ends in `.onnx` is used as it is; one that ends
   * in `.json` is a graph model of TensorFlow.js, whose weights lie beside it.
   *
   * @throws `VPX_MODEL_MISSING` if the package or file is not there (with the command that installs
   * it); `VPX_MODEL_INVALID` if it is another file than its checksum says or no model;
   * `VPX_MODEL_UNSUPPORTED` and `VPX_OUTPUT_UNKNOWN` as {@link convertTflite}.
   */
  async resolve(ref: ModelRef, options: ResolveOptions = {}): Promise<ResolvedModel> {
    const { signal, keepOutputs } = options;
    signal?.throwIfAborted();
    const bytes = await readModel(ref, signal);
    const weights = isTfjsFile(ref) ? await readWeights(modelPath(ref), bytes, signal) : undefined;
    const hash = createHash('sha256').update(bytes);
    if (weights !== undefined) hash.update(weights);
    const sha256 = hash.digest('hex');
    if (ref.sha256 !== undefined && ref.sha256.toLowerCase() !== sha256) {
      throw invalidModel(
        `${describeModel(ref)} has the SHA-256 ${sha256}, expected ${ref.sha256}. Install the version of the file that the checksum belongs to.`,
        { details: { ref, sha256 } },
      );
    }
    if (isOnnxFile(ref)) return { onnx: bytes, sha256, origin: 'onnx' };
    const file = this.#cacheFile(sha256, keepOutputs);
    const cached = await readCacheEntry(file);
    if (cached !== undefined) return { onnx: cached.onnx, sha256, origin: 'cache' };
    signal?.throwIfAborted();
    const model = convertNamed(ref, bytes, weights, keepOutputs);
    await writeCacheEntry(file, model);
    return { onnx: model.onnx, sha256, origin: 'converted' };
  }

  #cacheFile(sha256: string, keepOutputs: readonly string[] | undefined): string {
    const key = JSON.stringify([sha256, CONVERTER_VERSION, keepOutputs ?? null]);
    const name = createHash('sha256').update(key).digest('hex');
    return path.join(this.#cacheFolder, `${name}.model`);
  }
}

const isOnnxFile = (ref: ModelRef): boolean => fileName(ref).endsWith('.onnx');

const isTfjsFile = (ref: ModelRef): ref is Exclude<ModelRef, PackedModelRef> =>
  ref.kind !== 'npm-packed' && fileName(ref).endsWith('.json');

const fileName = (ref: ModelRef): string =>
  (ref.kind === 'file' ? ref.path : ref.kind === 'npm' ? ref.file : ref.asset).toLowerCase();

const modelPath = (ref: Exclude<ModelRef, PackedModelRef>): string =>
  ref.kind === 'npm' ? packageFile(ref.package, ref.file, ref.from) : path.resolve(ref.path);

async function readModel(ref: ModelRef, signal: AbortSignal | undefined): Promise<Uint8Array> {
  if (ref.kind === 'npm-packed') return readPackedAsset(ref.package, ref.asset);
  const file = modelPath(ref);
  try {
    const { size } = await stat(file);
    if (size > MAX_MODEL_BYTES) {
      throw invalidModel(`${file} has ${size} bytes; a model has at most ${MAX_MODEL_BYTES}.`);
    }
    return await readFile(file, { ...(signal && { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    if (cause.code === 'VPX_MODEL_INVALID') throw cause;
    const remedy =
      ref.kind === 'npm'
        ? `The package ${ref.package} is installed without it; reinstall it: npm install ${ref.package}`
        : 'Correct the path.';
    throw new VisualError('VPX_MODEL_MISSING', `The model file ${file} cannot be read. ${remedy}`, {
      cause,
      details: { file },
    });
  }
}

function convertNamed(
  ref: ModelRef,
  bytes: Uint8Array,
  weights: Uint8Array | undefined,
  keepOutputs: readonly string[] | undefined,
): ConvertedModel {
  const options = { ...(keepOutputs && { keepOutputs }) };
  try {
    return weights === undefined
      ? convertTflite(bytes, options)
      : convertTfjs(bytes, weights, options);
  } catch (cause) {
    if (!(cause instanceof VisualError)) throw cause;
    throw new VisualError(cause.code, `${describeModel(ref)}: ${cause.message}`, {
      cause,
      details: { ...cause.details, ref },
    });
  }
}

async function readCacheEntry(file: string): Promise<ConvertedModel | undefined> {
  try {
    return decodeCacheEntry(await readFile(file));
  } catch {
    return undefined;
  }
}

// A cache that cannot be written is not the caller's problem: the model is there either way.
async function writeCacheEntry(file: string, model: ConvertedModel): Promise<void> {
  const temporary = `${file}.${process.pid}.${randomUUID()}.tmp`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(temporary, encodeCacheEntry(model), { mode: 0o600, flag: 'wx' });
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
