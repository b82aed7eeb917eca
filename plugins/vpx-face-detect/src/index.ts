export { FaceDetectionAnalyzer, type FaceDetectionOptions } from './face-detection-analyzer.ts';
export type { FaceRange } from './face-detectors.ts';
