import type { TfliteModel, TfliteOperator } from './tflite-model.ts';

/**
 * onnxruntime computes on pictures in blocks of 8 or 16 channels, and moves them out of their blocks and
 * back for a pooling or a sum of a picture whose last block is not full.
 */
const BLOCK = 16;
const CHANNELS = 3;
const MAX_PAD_WEIGHTS = 2 ** 20;

type Coupling =
  /** Input and output have channels of their own. */
  | 'free'
  /** Inputs and output have the same channels, and must be laid out alike. */
  | 'alike';

/**
 * The pictures that are laid out with channels of zeros at the end, so that their blocks are full, and
 * the channels that they get: those of which all who make and read them can do with that. What an
 * operator of a rank other than 4, a reshape or the user reads is never among them.
 *
 * @param operators - Those that are converted, in order, without those that make constants.
 * @returns For each such tensor, by its index, the number of its channels in memory.
 */
export function fullBlocks(
  { tensors, inputs }: TfliteModel,
  operators: readonly TfliteOperator[],
  kept: readonly number[],
): ReadonlyMap<number, number> {
  const channelsOf = (tensor: number): number => tensors[tensor]?.shape[CHANNELS] ?? 0;
  const ends = new Set([...inputs, ...kept]);
  const computed = new Set([...inputs, ...operators.flatMap((operator) => operator.outputs)]);
  const ragged = new Set([...computed].filter((tensor) => channelsOf(tensor) % BLOCK !== 0));
  // Of few channels the memory, and the weights with its square, would grow many times.
  const full = new Set(
    [...ragged].filter((tensor) => !ends.has(tensor) && channelsOf(tensor) > BLOCK),
  );
  const couplings = operators.map((operator) => couplingOf(operator, tensors, computed));
  for (let size = -1; size !== full.size;) {
    size = full.size;
    for (const [i, { inputs: read, outputs: written }] of operators.entries()) {
      const touched = [...read, ...written].filter((tensor) => ragged.has(tensor));
      const coupling = couplings[i];
      const isBroken =
        coupling === undefined ||
        (coupling === 'alike' && touched.some((tensor) => !full.has(tensor)));
      if (isBroken) for (const tensor of touched) full.delete(tensor);
    }
  }
  return new Map(
    [...full].map((tensor) => [tensor, Math.ceil(channelsOf(tensor) / BLOCK) * BLOCK]),
  );
}

/**
 * Whether a PAD is written as a convolution, which has weights for each pair of channels: one of channels
 * alone, and not of very many.
 */
export function isPaddedByWeights(from: readonly number[], to: readonly number[]): boolean {
  if (from.length !== 4 || from[1] !== to[1] || from[2] !== to[2]) return false;
  return from[CHANNELS]! * to[CHANNELS]! <= MAX_PAD_WEIGHTS;
}

/** How an operator treats channels; undefined for one that wants just those that there are. */
function couplingOf(
  { name, inputs, outputs }: TfliteOperator,
  tensors: TfliteModel['tensors'],
  computed: ReadonlySet<number>,
): Coupling | undefined {
  const [input, second, output] = [inputs[0], inputs[1], outputs[0]].map((at) => tensors[at ?? -1]);
  if (input?.shape.length !== 4 || output?.shape.length !== 4) return undefined;
  const [channels, outChannels] = [input.shape[CHANNELS], output.shape[CHANNELS]];
  switch (name) {
    case 'CONV_2D':
      return second?.shape[CHANNELS] === channels ? 'free' : undefined;
    case 'DEPTHWISE_CONV_2D':
      return channels === outChannels ? 'alike' : undefined;
    case 'MAX_POOL_2D':
    case 'RELU':
      return 'alike';
    case 'ADD':
      return computed.has(inputs[1]!) && String(second?.shape) === String(input.shape)
        ? 'alike'
        : undefined;
    case 'PAD':
      return isPaddedByWeights(input.shape, output.shape) ? 'free' : undefined;
    default:
      return undefined;
  }
}
