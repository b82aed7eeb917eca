export { ExpressionAnalyzer } from './expression-analyzer.ts';
export type { ExpressionOptions } from './expression-options.ts';
export { measureFace, type FaceMeasures } from './geometry/face-geometry.ts';
