export { BodyPoseAnalyzer } from './body-pose-analyzer.ts';
export type { BodyPoseOptions, PoseModel } from './body-pose-options.ts';
export { cocoView } from './coco-view.ts';
export { handsRaised } from './measure/hands-raised.ts';
export { leanDeg, torsoYawDeg } from './measure/posture.ts';
