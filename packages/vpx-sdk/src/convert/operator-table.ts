import type { Lowering } from './lowering.ts';
import { lowerConvolution, lowerDepthwiseConvolution } from './operators/convolution.ts';
import { lowerBinary, lowerPrelu, lowerUnary } from './operators/elementwise.ts';
import { lowerFullyConnected } from './operators/fully-connected.ts';
import {
  lowerLandmarksToMatrix,
  lowerTransformLandmarks,
  lowerTransformTensor,
} from './operators/landmark-transforms.ts';
import { lowerMean, lowerPooling } from './operators/pooling.ts';
import { lowerResizeBilinear } from './operators/resize.ts';
import {
  lowerConcatenation,
  lowerDepthToSpace,
  lowerPad,
  lowerReshape,
  lowerStridedSlice,
} from './operators/shape.ts';

/** Writes one TFLite operator as ONNX nodes. */
export type OperatorLowering = (ctx: Lowering) => void;

/** The operators that the converter maps, by their TFLite name. */
export const OPERATOR_LOWERINGS: ReadonlyMap<string, OperatorLowering> = new Map<
  string,
  OperatorLowering
>([
  ['ADD', (ctx) => lowerBinary(ctx, 'Add')],
  ['AVERAGE_POOL_2D', (ctx) => lowerPooling(ctx, 'AveragePool')],
  ['CONCATENATION', lowerConcatenation],
  ['CONV_2D', lowerConvolution],
  ['DEPTHWISE_CONV_2D', lowerDepthwiseConvolution],
  ['DEPTH_TO_SPACE', lowerDepthToSpace],
  ['FULLY_CONNECTED', lowerFullyConnected],
  ['LOGISTIC', (ctx) => lowerUnary(ctx, 'Sigmoid')],
  ['MAX_POOL_2D', (ctx) => lowerPooling(ctx, 'MaxPool')],
  ['MEAN', lowerMean],
  ['MUL', (ctx) => lowerBinary(ctx, 'Mul')],
  ['PAD', lowerPad],
  ['PRELU', lowerPrelu],
  ['RELU', (ctx) => lowerUnary(ctx, 'Relu')],
  ['RESHAPE', lowerReshape],
  ['RESIZE_BILINEAR', lowerResizeBilinear],
  ['STRIDED_SLICE', lowerStridedSlice],
  ['SUB', (ctx) => lowerBinary(ctx, 'Sub')],
  ['TANH', (ctx) => lowerUnary(ctx, 'Tanh')],
  ['CUSTOM Landmarks2TransformMatrix', lowerLandmarksToMatrix],
  ['CUSTOM TransformLandmarks', lowerTransformLandmarks],
  ['CUSTOM TransformTensorBilinear', lowerTransformTensor],
]);
