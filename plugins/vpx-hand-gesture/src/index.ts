export { HandGestureAnalyzer } from './hand-gesture-analyzer.ts';
export type { HandGestureOptions } from './hand-gesture-options.ts';
export type { HandModelSize } from './hand/hand-landmark-model.ts';
