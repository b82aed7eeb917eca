import { invalidModel, unsupportedModel } from '../errors/model-errors.ts';
import type { VisualError } from 'visualbase';
import { readFlexMap, type FlexValue } from './flex-map.ts';
import type { ConstantReader, FloatConstant } from './constants.ts';
import type { OnnxAttribute, OnnxGraph } from './onnx-graph.ts';
import { permute } from './permute.ts';
import type { TfliteOperator, TfliteTensor } from './tflite-model.ts';

/**
 * A computed value. Values of rank 4 are pictures: TFLite keeps their channels last, ONNX second.
 * Each is written in the layout its operator makes and moved to the other when somebody asks, once.
 */
export interface Activation {
  /** The shape in the file: channels last, batch size 1 first. */
  readonly shape: readonly number[];
  /** Name of the value as the file lays it out. */
  plain: string | undefined;
  /** Name of the value with the channels second; rank 4 only. */
  channelsFirst: string | undefined;
}

/** How an operator has written its output. */
export type Layout = 'plain' | 'channels-first';

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

// ActivationFunctionType of the schema.
const FUSED_NONE = 0;
const FUSED_RELU = 1;
const FUSED_RELU6 = 3;
const FUSED_TANH = 4;

/** What a mapping of one operator reads and writes. */
export class Lowering {
  readonly #operator: TfliteOperator;
  readonly #tensors: readonly TfliteTensor[];
  readonly #activations: Map<number, Activation>;
  readonly #constants: ConstantReader;
  readonly #fullBlocks: ReadonlyMap<number, number>;
  readonly graph: OnnxGraph;

  constructor(init: {
    readonly operator: TfliteOperator;
    readonly tensors: readonly TfliteTensor[];
    readonly activations: Map<number, Activation>;
    readonly constants: ConstantReader;
    /** See {@link fullBlocks}. */
    readonly fullBlocks: ReadonlyMap<number, number>;
    readonly graph: OnnxGraph;
  }) {
    this.#operator = init.operator;
    this.#tensors = init.tensors;
    this.#activations = init.activations;
    this.#constants = init.constants;
    this.#fullBlocks = init.fullBlocks;
    this.graph = init.graph;
  }

  get options(): TfliteOperator['options'] {
    return this.#operator.options;
  }

  /** The options of a custom operator. */
  customOptions(): ReadonlyMap<string, FlexValue> {
    return readFlexMap(this.#operator.customOptions);
  }

  get inputCount(): number {
    return this.#operator.inputs.length;
  }

  /** The declared shape of the first output. */
  get outputShape(): readonly number[] {
    return this.#outputTensor.shape;
  }

  /** The channels that the picture at the first input has in memory; those beyond its own are zeros. */
  get channelsInMemory(): number {
    const index = this.#inputIndex(0);
    return this.#fullBlocks.get(index) ?? this.activation(0).shape[3] ?? 0;
  }

  /** The channels that the first output must have in memory; those beyond its own must be zeros. */
  get outputChannelsInMemory(): number {
    return this.#fullBlocks.get(this.#operator.outputs[0] ?? -1) ?? this.outputShape[3] ?? 0;
  }

  /** The computed value at input `slot`. */
  activation(slot: number): Activation {
    const index = this.#inputIndex(slot);
    const value = this.#activations.get(index);
    if (value !== undefined) return value;
    const tensor = this.#tensors[index]!;
    if (tensor.data !== undefined) throw this.unsupported(`input "${tensor.name}" is a constant`);
    throw invalidModel(
      `${this.#operator.name} reads "${tensor.name}" before anything computes it. The file is damaged.`,
    );
  }

  /** True if input `slot` is given. */
  hasInput(slot: number): boolean {
    return (this.#operator.inputs[slot] ?? -1) >= 0;
  }

  /** True if input `slot` is computed rather than constant. */
  isComputed(slot: number): boolean {
    return this.#activations.has(this.#inputIndex(slot));
  }

  /** The constant floats at input `slot`, which must have `rank` dimensions if that is given. */
  floats(slot: number, rank?: number): FloatConstant {
    const constant = this.#constants.floats(this.#tensors[this.#inputIndex(slot)]!);
    if (rank !== undefined && constant.shape.length !== rank) {
      throw this.invalid(`input ${slot} has the shape [${constant.shape.join(', ')}]`);
    }
    return constant;
  }

  /** The `count` constant integers at input `slot`. */
  ints(slot: number, count: number): readonly number[] {
    const values = this.#constants.ints(this.#tensors[this.#inputIndex(slot)]!);
    if (values.length !== count) throw this.invalid(`input ${slot} has ${values.length} numbers`);
    return values;
  }

  /** Adds an ONNX node. @returns The name of its output. */
  emit(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): string {
    return this.graph.node(operator, inputs, attributes);
  }

  /** The value with the channels second. @throws `VPX_MODEL_UNSUPPORTED` unless it has rank 4. */
  channelsFirst(value: Activation): string {
    if (value.shape.length !== 4)
      throw this.unsupported(`its input has rank ${value.shape.length}`);
    return (value.channelsFirst ??= this.graph.node('Transpose', [value.plain!], {
      perm: TO_CHANNELS_FIRST,
    }));
  }

  /** The value laid out as in the file. */
  plain(value: Activation): string {
    return plainName(this.graph, value);
  }

  /**
   * An operand of a broadcasting operator: computed or constant, with the channels second where the
   * output has rank 4.
   */
  operand(slot: number): { readonly name: string; readonly shape: readonly number[] } {
    const rank = this.outputShape.length;
    if (this.isComputed(slot)) {
      const value = this.activation(slot);
      if (value.shape.length !== rank) throw this.unsupported('its inputs differ in rank');
      const name = rank === 4 ? this.channelsFirst(value) : this.plain(value);
      return { name, shape: value.shape };
    }
    const { data, dims, shape } = this.constantOperand(slot);
    return { name: this.graph.floats(data, dims), shape };
  }

  /** A constant operand, laid out to go with the output: `dims` in its layout, `shape` in the file's. */
  constantOperand(slot: number): FloatConstant & { readonly dims: readonly number[] } {
    const rank = this.outputShape.length;
    const { data, shape } = this.floats(slot);
    if (shape.length > rank) throw this.invalid(`input ${slot} has rank ${shape.length}`);
    if (rank !== 4) return { data, dims: shape, shape };
    const padded = [...new Array<number>(4 - shape.length).fill(1), ...shape];
    return {
      data: permute(data, padded, TO_CHANNELS_FIRST),
      dims: TO_CHANNELS_FIRST.map((d) => padded[d]!),
      shape: padded,
    };
  }

  /** Applies the activation that TFLite fuses into many operators. */
  fused(name: string, kind: number): string {
    switch (kind) {
      case FUSED_NONE:
        return name;
      case FUSED_RELU:
        return this.emit('Relu', [name]);
      case FUSED_RELU6:
        return this.emit('Clip', [
          name,
          this.graph.floats(Float32Array.of(0), []),
          this.graph.floats(Float32Array.of(6), []),
        ]);
      case FUSED_TANH:
        return this.emit('Tanh', [name]);
      default:
        throw this.unsupported(`it has the fused activation ${kind}`);
    }
  }

  /**
   * Sets the first output.
   *
   * @param shape - The shape that follows from inputs and options; must be what the file declares.
   */
  setOutput(name: string, layout: Layout, shape: readonly number[]): void {
    const declared = this.outputShape;
    if (declared.length !== shape.length || declared.some((size, d) => size !== shape[d])) {
      throw this.invalid(
        `its output is declared as [${declared.join(', ')}] but comes out as [${shape.join(', ')}]`,
      );
    }
    if (shape[0] !== 1) {
      throw this.unsupported(
        `its output has the shape [${shape.join(', ')}], without a batch of 1`,
      );
    }
    const isPlain = layout === 'plain';
    this.#activations.set(this.#operator.outputs[0]!, {
      shape,
      plain: isPlain ? name : undefined,
      channelsFirst: isPlain ? undefined : name,
    });
  }

  /** The error for an operator that the converter cannot map. */
  unsupported(reason: string): VisualError {
    const operator = this.#operator.name;
    const tensor = this.#outputTensor.name;
    return unsupportedModel(
      `${operator}, which computes "${tensor}", cannot be converted: ${reason}.`,
      { details: { operator, tensor, reason } },
    );
  }

  /** The error for an operator whose parts do not fit together. */
  invalid(reason: string): VisualError {
    const operator = this.#operator.name;
    const tensor = this.#outputTensor.name;
    return invalidModel(
      `${operator}, which computes "${tensor}", is not sound: ${reason}. The file is damaged.`,
      { details: { operator, tensor, reason } },
    );
  }

  get #outputTensor(): TfliteTensor {
    const index = this.#operator.outputs[0];
    if (index !== undefined) return this.#tensors[index]!;
    throw invalidModel(`${this.#operator.name} has no output. The file is damaged.`);
  }

  #inputIndex(slot: number): number {
    const index = this.#operator.inputs[slot] ?? -1;
    if (index < 0) throw this.invalid(`input ${slot} is missing`);
    return index;
  }
}

/** The name of a value laid out as in the file; adds the move if it is needed. */
export function plainName(graph: OnnxGraph, value: Activation): string {
  if (value.plain !== undefined) return value.plain;
  const [, height, width, channels] = value.shape;
  // One pixel has the same bytes either way; a Reshape costs nothing.
  return (value.plain =
    height === 1 && width === 1
      ? graph.node('Reshape', [value.channelsFirst!, graph.ints([-1, 1, 1, channels!])])
      : graph.node('Transpose', [value.channelsFirst!], { perm: TO_CHANNELS_LAST }));
}
