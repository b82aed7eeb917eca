export { ExpressionAnalyzer } from './expression-analyzer.ts';
export { measureFace, type FaceMeasures } from './face-geometry.ts';
