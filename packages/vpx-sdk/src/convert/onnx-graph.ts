import { ProtoWriter } from './protobuf.ts';

/** An attribute of a node: an integer, a text or a list of integers. */
export type OnnxAttribute = number | string | readonly number[];

/** A size, or the name of a size that is known only at run time. */
export type OnnxDim = number | string;

// Numbers of onnx.proto: TensorProto.DataType and AttributeProto.AttributeType.
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

const OPSET = 17;
const IR_VERSION = 8;

/**
 * Builds an ONNX model node by node.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the field numbers.
 */
export class OnnxGraph {
  readonly #nodes: ProtoWriter[] = [];
  readonly #initializers: ProtoWriter[] = [];
  readonly #inputs: ProtoWriter[] = [];
  readonly #outputs: ProtoWriter[] = [];
  readonly #reserved: ReadonlySet<string>;
  #nameCount = 0;

  /** @param reserved - Names of inputs and outputs, which no inner value may take. */
  constructor(reserved: Iterable<string>) {
    this.#reserved = new Set(reserved);
  }

  /** Adds a node with one output. @returns The name of the output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    output = this.#freshName(operator),
  ): string {
    const node = new ProtoWriter();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, output).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) {
      node.message(5, attributeMessage(name, value));
    }
    this.#nodes.push(node);
    return output;
  }

  /** Adds a float32 constant. @returns Its name. */
  floats(data: Float32Array, dims: readonly number[]): string {
    return this.#initializer(FLOAT, dims, data);
  }

  /** Adds int64 numbers as a constant, a list unless `dims` says otherwise. @returns Its name. */
  ints(data: readonly number[], dims: readonly number[] = [data.length]): string {
    return this.#initializer(
      INT64,
      dims,
      BigInt64Array.from(data, (v) => BigInt(v)),
    );
  }

  /** Declares a float32 input. */
  input(name: string, dims: readonly OnnxDim[]): void {
    this.#inputs.push(valueMessage(name, dims));
  }

  /** Declares a float32 output, which a node must produce. */
  output(name: string, dims: readonly OnnxDim[]): void {
    this.#outputs.push(valueMessage(name, dims));
  }

  /** The model as the bytes of an .onnx file. */
  finish(graphName: string): Uint8Array<ArrayBuffer> {
    const graph = new ProtoWriter();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, graphName);
    for (const initializer of this.#initializers) graph.message(5, initializer);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    return new ProtoWriter()
      .int(1, IR_VERSION)
      .text(2, 'vpx-sdk')
      .message(7, graph)
      .message(8, new ProtoWriter().text(1, '').int(2, OPSET))
      .finish();
  }

  #freshName(stem: string): string {
    let name: string;
    do name = `${stem}_${this.#nameCount++}`;
    while (this.#reserved.has(name));
    return name;
  }

  #initializer(type: number, dims: readonly number[], data: ArrayBufferView): string {
    const name = this.#freshName('constant');
    const tensor = new ProtoWriter();
    for (const dim of dims) tensor.int(1, dim);
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#initializers.push(tensor.int(2, type).text(8, name).bytes(9, raw));
    return name;
  }
}

function attributeMessage(name: string, value: OnnxAttribute): ProtoWriter {
  const attribute = new ProtoWriter().text(1, name);
  if (typeof value === 'number') return attribute.int(3, value).int(20, ATTRIBUTE_INT);
  if (typeof value === 'string') return attribute.text(4, value).int(20, ATTRIBUTE_STRING);
  for (const item of value) attribute.int(8, item);
  return attribute.int(20, ATTRIBUTE_INTS);
}

function valueMessage(name: string, dims: readonly OnnxDim[]): ProtoWriter {
  const shape = new ProtoWriter();
  for (const dim of dims) {
    const size = new ProtoWriter();
    shape.message(1, typeof dim === 'string' ? size.text(2, dim) : size.int(1, dim));
  }
  const tensorType = new ProtoWriter().int(1, FLOAT).message(2, shape);
  return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensorType));
}
