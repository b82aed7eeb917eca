export { VPX_ERROR_CODES, type CodeEntry, type VpxErrorCode } from './errors/codes.ts';
export {
  convertTflite,
  type ConvertedModel,
  type ConvertOptions,
  type TensorSpec,
} from './convert/convert-tflite.ts';
export { convertTfjs } from './convert/tfjs/convert-tfjs.ts';
export {
  describeModel,
  type FileModelRef,
  type ModelRef,
  type NpmModelRef,
  type PackedModelRef,
} from './model/model-ref.ts';
export {
  ModelStore,
  type ModelStoreOptions,
  type ResolvedModel,
  type ResolveOptions,
} from './model/model-store.ts';
export { modelCacheFolder } from './model/cache-folder.ts';
export {
  FACE_DETECTION_FULL_RANGE,
  FACE_DETECTION_SHORT_RANGE,
  FACE_EMOTION,
  FACE_EMOTIONS,
  FACE_KEYPOINTS,
  FACE_LANDMARK_ATTENTION,
  FACE_LANDMARK_MESH,
  HAND_LANDMARK_FULL,
  HAND_LANDMARK_LITE,
  PALM_DETECTION,
  PALM_KEYPOINTS,
  MOVENET_LIGHTNING,
  POSE_DETECTION,
  POSE_DETECTION_KEYPOINTS,
  POSE_LANDMARK_FULL,
  POSE_LANDMARK_HEAVY,
  POSE_LANDMARK_LITE,
  type CatalogueDetector,
  type CatalogueEmotionModel,
  type CatalogueEyeLandmarks,
  type CatalogueHandLandmarks,
  type CatalogueLandmarks,
  type CatalogueKeypoints,
  type CatalogueModel,
  type CataloguePoseLandmarks,
} from './model/catalogue.ts';
export { InferenceEngine, type LoadOptions } from './engine/inference-engine.ts';
export type { EngineOptions, InferenceEngineOptions } from './engine/engine-options.ts';
export type { ExecutionProvider } from './engine/execution-provider.ts';
export { ModelModule } from './engine/model-module.ts';
export { InferenceSession, type RunOptions } from './engine/inference-session.ts';
export { InputBuffers } from './engine/input-buffers.ts';
export type { TensorData } from './engine/tensor-data.ts';
export type { Point } from './image/point.ts';
export type { ValueRange } from './image/value-range.ts';
export {
  letterboxBox,
  letterboxMapping,
  letterboxPoint,
  letterboxTensor,
  unletterboxBox,
  unletterboxPoint,
  type LetterboxMapping,
  type LetterboxOptions,
  type LetterboxTensor,
} from './image/letterbox.ts';
export { viewOf, type ImageRegion } from './image/image-region.ts';
export type { RotatedRoi } from './image/rotated-roi.ts';
export { roiToPixels, warpTensor, type WarpOptions } from './image/warp.ts';
export { unletterboxDetection, type Detection } from './detect/detection.ts';
export { ssdAnchors, type SsdAnchors, type SsdSpec } from './detect/ssd-anchors.ts';
export {
  decodeSsdBoxes,
  sigmoid,
  type DecodeSsdOptions,
  type SsdOutput,
} from './detect/decode-ssd.ts';
export { landmarksToPixels, RegionModel, type RegionOutputs } from './detect/region-model.ts';
export { searchTiles } from './detect/search-tiles.ts';
export { SsdDetector, type SsdDetectorOptions } from './detect/ssd-detector.ts';
export { iou, nms, weightedNms, type NmsOptions, type WeightedNmsOptions } from './detect/nms.ts';
export { BoxTracker, type BoxTrackerOptions, type TrackingHints } from './track/box-tracker.ts';
export { KalmanFilter, type KalmanOptions } from './track/kalman-filter.ts';
export { OneEuroFilter, type OneEuroOptions } from './track/one-euro-filter.ts';
export {
  MarkRenderer,
  renderMarks,
  type BadMark,
  type MarkRendererOptions,
  type ModuleMarks,
} from './marks/mark-renderer.ts';
export { marksOf } from './marks/marks-of.ts';
export type { Canvas } from './marks/painter.ts';
export type {
  Emotion,
  Eye,
  Face,
  FaceDetectData,
  FaceExpression,
  FaceExpressionData,
  FaceEyes,
  FaceKeypoints,
  FaceMesh,
  FaceQuality,
  Gaze,
  HeadPose,
  Iris,
} from './results/face.ts';
export {
  HAND_BONES,
  HAND_GESTURES,
  HAND_LANDMARKS,
  type Hand,
  type Handedness,
  type HandGesture,
  type HandGestureData,
  type HandLandmarks,
} from './results/hand.ts';
export {
  COCO_BONES,
  COCO_KEYPOINTS,
  POSE_BONES,
  type BodyKeypoints,
  type BodyMeasures,
  type BodyPoint,
  type BodyPoseData,
  type CocoKeypoint,
  type HandSide,
  type Pose,
  type PoseLandmarks,
} from './results/pose.ts';
export {
  Frame,
  NS_PER_SEC,
  Trigger,
  VisualError,
  isVisualError,
  nsToSec,
  secToNs,
} from 'visualbase';
export type { NormBox, PixelBox, RgbImage } from 'visualbase';
export {
  Module,
  defineModule,
  shouldTrigger,
  triggerOf,
  type AnyModule,
  type DataOf,
  type DepsOf,
  type Mark,
  type MarkPoint,
  type MaybePromise,
  type ModuleCapabilities,
  type ModuleOutputs,
  type Observation,
  type ObservationInit,
  type PortSchema,
  type ProcessContext,
  type ProcessResult,
} from 'visualpath';
