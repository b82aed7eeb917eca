import { invalidModel, unsupportedModel } from '../../errors/model-errors.ts';
import { decodeFloat16 } from '../float16.ts';

const MAX_NODES = 20_000;
const MAX_RANK = 8;

/** A node of a TensorFlow graph. */
export interface TfjsNode {
  readonly name: string;
  readonly op: string;
  /** Names of nodes; `name:1` is a node's second output. */
  readonly inputs: readonly string[];
  readonly attr: Readonly<Record<string, TfjsAttribute | undefined>>;
}

/** An attribute as the JSON form of protobuf has it: integers are texts, texts are base64. */
interface TfjsAttribute {
  readonly i?: string | number;
  readonly b?: boolean;
  readonly s?: string;
  readonly type?: string;
  readonly shape?: { readonly dim?: readonly { readonly size: string | number }[] };
  readonly list?: {
    readonly i?: readonly (string | number)[];
    readonly s?: readonly string[];
  };
}

/** A constant; integers are exact. */
export interface TfjsConstant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A graph model of TensorFlow.js. */
export interface TfjsModel {
  readonly nodes: readonly TfjsNode[];
  readonly constants: ReadonlyMap<string, TfjsConstant>;
  /** Names of the nodes whose values are the outputs. */
  readonly outputs: readonly string[];
}

interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

interface ModelJson {
  readonly modelTopology: {
    readonly node: readonly (Omit<TfjsNode, 'inputs' | 'attr'> & {
      input?: string[];
      attr?: TfjsNode['attr'];
    })[];
  };
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly WeightEntry[];
  }[];
  readonly signature?: Signature;
  /** Where older converters left the signature; TensorFlow.js looks here first. */
  readonly userDefinedMetadata?: { readonly signature?: Signature };
}

interface Signature {
  readonly outputs?: Readonly<Record<string, { readonly name: string }>>;
}

/** The names of the weight files, in order, that belong to a `model.json`. */
export function weightFiles(modelJson: Uint8Array): readonly string[] {
  return parse(modelJson).weightsManifest.flatMap(({ paths }) => paths);
}

/**
 * Reads a graph model with float32, float16 and int32 weights.
 *
 * @param weights - The weight files, one after the other.
 * @throws `VPX_MODEL_INVALID` if it is damaged, `VPX_MODEL_UNSUPPORTED` for other weights.
 */
export function readTfjs(modelJson: Uint8Array, weights: Uint8Array): TfjsModel {
  const json = parse(modelJson);
  const nodes = json.modelTopology.node.map(({ name, op, input = [], attr = {} }) => ({
    name,
    op,
    // A leading ^ is an order to keep, not a value.
    inputs: input.filter((one) => !one.startsWith('^')).map((one) => one.replace(/:0$/, '')),
    attr,
  }));
  const constants = new Map<string, TfjsConstant>();
  let at = 0;
  for (const entry of json.weightsManifest.flatMap((group) => group.weights)) {
    const { shape, bytesPerElement } = layoutOf(entry);
    const byteLength = shape.reduce((product, size) => product * size, bytesPerElement);
    if (at + byteLength > weights.length) {
      throw invalidModel(`The weights end before "${entry.name}". The files are damaged.`);
    }
    // A copy, because the bytes need not be aligned; slice() of a Buffer would make none.
    const bytes = new Uint8Array(weights.subarray(at, at + byteLength));
    at += byteLength;
    constants.set(entry.name, { shape, data: decode(entry, bytes) });
  }
  const signature = json.userDefinedMetadata?.signature ?? json.signature;
  const outputs = Object.values(signature?.outputs ?? {}).map(({ name }) =>
    name.replace(/:0$/, ''),
  );
  if (outputs.length === 0) throw invalidModel('The model names no outputs.');
  return { nodes, constants, outputs };
}

function parse(bytes: Uint8Array): ModelJson {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ModelJson>;
    const isSound =
      Array.isArray(json.modelTopology?.node) &&
      json.modelTopology.node.length <= MAX_NODES &&
      Array.isArray(json.weightsManifest);
    if (isSound) return json as ModelJson;
  } catch (cause) {
    throw invalidModel('The model is no JSON.', { cause });
  }
  throw invalidModel('The model is no graph model of TensorFlow.js: it lacks a graph or weights.');
}

function layoutOf({ name, shape, dtype, quantization }: WeightEntry) {
  if (!isShape(shape)) throw invalidModel(`Weight "${name}" has no sound shape.`);
  if (dtype === 'int32' && quantization === undefined) return { shape, bytesPerElement: 4 };
  if (dtype === 'float32' && quantization === undefined) return { shape, bytesPerElement: 4 };
  if (dtype === 'float32' && quantization?.dtype === 'float16')
    return { shape, bytesPerElement: 2 };
  throw unsupportedModel(
    `Weight "${name}" is ${dtype}, stored as ${quantization?.dtype ?? dtype}; only float32, float16 and int32 are converted.`,
    { details: { tensor: name } },
  );
}

function decode({ dtype, quantization }: WeightEntry, bytes: Uint8Array<ArrayBuffer>) {
  if (dtype === 'int32') return new Int32Array(bytes.buffer);
  return quantization === undefined ? new Float32Array(bytes.buffer) : decodeFloat16(bytes);
}

const isShape = (shape: unknown): boolean =>
  Array.isArray(shape) &&
  shape.length <= MAX_RANK &&
  shape.every((size) => Number.isSafeInteger(size) && size >= 0);
