/**
 * Builtin operators by number, as far as they are worth a name: those that the converter maps, and
 * those that other MediaPipe and common models use, so that an error can name them.
 *
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs
 */
const BUILTIN_OPERATORS: Readonly<Record<number, string>> = {
  0: 'ADD',
  1: 'AVERAGE_POOL_2D',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  5: 'DEPTH_TO_SPACE',
  6: 'DEQUANTIZE',
  8: 'FLOOR',
  9: 'FULLY_CONNECTED',
  11: 'L2_NORMALIZATION',
  14: 'LOGISTIC',
  16: 'LSTM',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  20: 'RELU_N1_TO_1',
  21: 'RELU6',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  25: 'SOFTMAX',
  26: 'SPACE_TO_DEPTH',
  28: 'TANH',
  32: 'CUSTOM',
  34: 'PAD',
  36: 'GATHER',
  39: 'TRANSPOSE',
  40: 'MEAN',
  41: 'SUB',
  42: 'DIV',
  43: 'SQUEEZE',
  45: 'STRIDED_SLICE',
  47: 'EXP',
  49: 'SPLIT',
  53: 'CAST',
  54: 'PRELU',
  55: 'MAXIMUM',
  56: 'ARG_MAX',
  57: 'MINIMUM',
  59: 'NEG',
  60: 'PADV2',
  65: 'SLICE',
  67: 'TRANSPOSE_CONV',
  69: 'TILE',
  70: 'EXPAND_DIMS',
  74: 'SUM',
  75: 'SQRT',
  76: 'RSQRT',
  78: 'POW',
  83: 'PACK',
  88: 'UNPACK',
  97: 'RESIZE_NEAREST_NEIGHBOR',
  98: 'LEAKY_RELU',
  99: 'SQUARED_DIFFERENCE',
  100: 'MIRROR_PAD',
  114: 'QUANTIZE',
  117: 'HARD_SWISH',
  124: 'DENSIFY',
  126: 'BATCH_MATMUL',
};

/** The name of a builtin operator, or `BUILTIN_n` for one that has none here. */
export const operatorName = (code: number): string =>
  BUILTIN_OPERATORS[code] ?? `BUILTIN_${String(code)}`;

const TENSOR_TYPES = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'string',
  'bool',
  'int16',
  'complex64',
  'int8',
] as const;

/** The element type of a tensor; a number without a name here is `'unknown'`. */
export type TfliteType = (typeof TENSOR_TYPES)[number] | 'unknown';

/** The name of an element type. */
export const tensorTypeName = (code: number): TfliteType => TENSOR_TYPES[code] ?? 'unknown';
