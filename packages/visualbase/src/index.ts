export {
  VisualError,
  fromWireError,
  isVisualError,
  toWireError,
  type ErrorCode,
  type VisualErrorOptions,
  type WireError,
} from './errors/visual-error.ts';
export { NS_PER_MS, NS_PER_SEC, nsToSec, nsToTicks, secToNs, ticksToNs } from './time/ns.ts';
export type { GrayImage, NormBox, PixelBox, RgbImage } from './frame/image.ts';
export { Frame, type FrameInit } from './frame/frame.ts';
