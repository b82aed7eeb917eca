export { FaceDetectionAnalyzer } from './face-detection-analyzer.ts';
export type { FaceDetectionOptions } from './face-detection-options.ts';
export type { FaceRange } from './search/face-detectors.ts';
