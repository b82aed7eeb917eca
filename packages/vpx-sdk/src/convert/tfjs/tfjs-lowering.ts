import type { VisualError } from 'visualbase';
import { invalidModel, unsupportedModel } from '../../errors/model-errors.ts';
import { plainName, type Activation } from '../lowering.ts';
import type { OnnxAttribute, OnnxGraph } from '../onnx-graph.ts';
import { permute } from '../permute.ts';
import type { TfjsConstant, TfjsNode } from './tfjs-model.ts';

/** A value that a node computes. Integers are int64 in ONNX. */
export interface TfjsComputed extends Activation {
  readonly isInteger: boolean;
}

/** What a name of the graph stands for. */
export type TfjsValue = TfjsConstant | TfjsComputed;

const TO_CHANNELS_FIRST = [0, 3, 1, 2];

const isConstant = (value: TfjsValue): value is TfjsConstant => 'data' in value;

/** What a mapping of one TensorFlow operator reads and writes. */
export class TfjsLowering {
  readonly node: TfjsNode;
  readonly graph: OnnxGraph;
  readonly #values: Map<string, TfjsValue>;

  constructor(node: TfjsNode, values: Map<string, TfjsValue>, graph: OnnxGraph) {
    this.node = node;
    this.graph = graph;
    this.#values = values;
  }

  get inputCount(): number {
    return this.node.inputs.length;
  }

  value(slot: number): TfjsValue {
    const name = this.node.inputs[slot];
    const value = name === undefined ? undefined : this.#values.get(name);
    if (value === undefined) throw this.invalid(`input ${slot} is missing`);
    return value;
  }

  computed(slot: number): TfjsComputed {
    const value = this.value(slot);
    if (isConstant(value)) throw this.unsupported(`input ${slot} is a constant`);
    return value;
  }

  /** The constant floats at input `slot`. */
  floats(slot: number): { readonly shape: readonly number[]; readonly data: Float32Array } {
    const value = this.value(slot);
    if (isConstant(value) && value.data instanceof Float32Array) {
      return { shape: value.shape, data: value.data };
    }
    throw this.unsupported(`input ${slot} is not a constant of floats`);
  }

  /** The constant integers at input `slot`. */
  ints(slot: number): readonly number[] {
    const value = this.value(slot);
    if (isConstant(value) && value.data instanceof Int32Array) return Array.from(value.data);
    throw this.unsupported(`input ${slot} is not a constant of integers`);
  }

  /** The name of input `slot` as the graph lays it out. */
  plain(slot: number): string {
    const value = this.value(slot);
    return isConstant(value) ? this.#constant(value) : plainName(this.graph, value);
  }

  /** The name of input `slot` with the channels second; constants are moved ahead of time. */
  channelsFirst(slot: number): string {
    const value = this.value(slot);
    if (!isConstant(value)) {
      if (value.shape.length !== 4) throw this.unsupported(`input ${slot} is no picture`);
      return (value.channelsFirst ??= this.emit('Transpose', [value.plain!], {
        perm: TO_CHANNELS_FIRST,
      }));
    }
    const { shape, data } = value;
    if (!(data instanceof Float32Array)) throw this.unsupported(`input ${slot} holds integers`);
    if (shape.length > 4) throw this.unsupported(`input ${slot} has rank ${shape.length}`);
    const padded = [...new Array<number>(4 - shape.length).fill(1), ...shape];
    const moved = permute(data, padded, TO_CHANNELS_FIRST);
    return this.graph.floats(
      moved,
      TO_CHANNELS_FIRST.map((d) => padded[d]!),
    );
  }

  isInteger(slot: number): boolean {
    const value = this.value(slot);
    return isConstant(value) ? value.data instanceof Int32Array : value.isInteger;
  }

  /** True if the inputs are best taken with the channels second: all pictures, one so already. */
  prefersChannelsFirst(): boolean {
    const computed = this.node.inputs.flatMap((_, slot) => {
      const value = this.value(slot);
      return isConstant(value) ? [] : [value];
    });
    return (
      computed.every(({ shape }) => shape.length === 4) &&
      computed.some(({ channelsFirst }) => channelsFirst !== undefined)
    );
  }

  emit(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): string {
    return this.graph.node(operator, inputs, attributes);
  }

  /** Sets an output, laid out as in the file. */
  setPlain(name: string, shape: readonly number[], isInteger = false, output = 0): void {
    this.#set({ shape, plain: name, channelsFirst: undefined, isInteger }, output);
  }

  /** Sets the output, a picture with the channels second. */
  setChannelsFirst(name: string, shape: readonly number[]): void {
    this.#set({ shape, plain: undefined, channelsFirst: name, isInteger: false }, 0);
  }

  /** Makes the output another name of input `slot`. */
  alias(slot: number): void {
    this.#set(this.value(slot), 0);
  }

  int(name: string, byDefault = 0): number {
    return Number(this.node.attr[name]?.i ?? byDefault);
  }

  flag(name: string): boolean {
    return this.node.attr[name]?.b ?? false;
  }

  text(name: string): string {
    return decodeText(this.node.attr[name]?.s ?? '');
  }

  intList(name: string): readonly number[] {
    return (this.node.attr[name]?.list?.i ?? []).map(Number);
  }

  textList(name: string): readonly string[] {
    return (this.node.attr[name]?.list?.s ?? []).map(decodeText);
  }

  /** The error for an operator that the converter cannot map. */
  unsupported(reason: string): VisualError {
    const { op, name } = this.node;
    return unsupportedModel(`${op} "${name}" cannot be converted: ${reason}.`, {
      details: { operator: op, tensor: name, reason },
    });
  }

  /** The error for an operator whose parts do not fit together. */
  invalid(reason: string): VisualError {
    const { op, name } = this.node;
    return invalidModel(`${op} "${name}" is not sound: ${reason}. The file is damaged.`, {
      details: { operator: op, tensor: name, reason },
    });
  }

  #constant({ shape, data }: TfjsConstant): string {
    return data instanceof Float32Array
      ? this.graph.floats(data, shape)
      : this.graph.ints(Array.from(data), shape);
  }

  #set(value: TfjsValue, output: number): void {
    const { name } = this.node;
    this.#values.set(output === 0 ? name : `${name}:${output}`, value);
  }
}

const decodeText = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
