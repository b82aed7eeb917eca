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
export type { AudioInfo, MediaInfo, Rational, VideoInfo } from './probe/media-info.ts';
export { probe, type ProbeOptions } from './probe/probe.ts';
export type { IsolationLimits } from './isolate/isolation-limits.ts';
export type { DamageReport, DecodeStats } from './decode/decode-job.ts';
export { FileSource } from './source/file-source.ts';
export type { FileSourceOptions } from './source/file-source-options.ts';
export type { FrameSource } from './source/frame-source.ts';
export {
  openSource,
  parseSource,
  type OpenSourceOptions,
  type SourceSpec,
} from './source/open-source.ts';
export {
  CameraSource,
  type CameraSourceOptions,
  type CaptureOptions,
} from './source/camera-source.ts';
export { listCameras } from './source/list-cameras.ts';
export type { CameraInfo } from './source/camera-info.ts';
export { RtspSource, StreamSource } from './source/stream-source.ts';
export { VirtualSource } from './source/virtual-source.ts';
export { ImageSequenceSource, type ImageSequenceOptions } from './source/image-sequence-source.ts';
export { PushSource, type PushSourceOptions } from './source/push-source.ts';
export type { LiveSource, LiveSourceStats } from './source/live-source.ts';
export type { LiveSourceOptions, RecordOptions } from './source/live-source-options.ts';
export type { ReconnectOptions } from './live/backoff.ts';
export type { LatencyStats } from './live/latency.ts';
export type { LiveEvent, LiveStats, StreamGap } from './live/live-job.ts';
export type { OverflowPolicy } from './live/overflow.ts';
export {
  VisualBase,
  type QueryOptions,
  type QueryRange,
  type TriggerClip,
  type VisualBaseOptions,
  type VisualBaseStatus,
} from './visual-base/visual-base.ts';
export {
  Trigger,
  type PointTriggerInit,
  type RangeTriggerInit,
  type TriggerJson,
} from './trigger/trigger.ts';
export {
  extractClip,
  type ClipRange,
  type ClipResult,
  type ExtractClipOptions,
} from './clip/extract-clip.ts';
export type { ClipContainer, ClipMethod } from './clip/clip-job.ts';
export type { ClipSettings } from './clip/extract-clip-options.ts';
export {
  extractClips,
  type ClipOutcome,
  type ClipProgress,
  type ClipRequestInit,
  type ExtractClipsOptions,
} from './clip/extract-clips.ts';
export {
  readFrameAt,
  readFramesAt,
  type ReadFramesOptions,
  type TimedImage,
} from './still/read-frames.ts';
export { extractStill, type ExtractStillOptions, type StillResult } from './still/extract-still.ts';
export { VideoWriter, type VideoWriterOptions, type WrittenVideo } from './writer/video-writer.ts';
export {
  makeContactSheet,
  type ContactSheet,
  type ContactSheetOptions,
  type ContactSheetTile,
} from './sheet/contact-sheet.ts';
export { makeFolder } from './files/make-folder.ts';
export { safeFileName, type SafeFileNameOptions } from './clip/clip-name.ts';
export { encodeImage, type EncodeImageOptions, type ImageFormat } from './image/encode-image.ts';
export { writeImage, type WriteImageOptions } from './image/write-image.ts';
