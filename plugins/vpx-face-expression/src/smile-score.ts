import type { FaceMeasures } from './face-geometry.ts';

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * How much a face smiles, 0 to 1, by the average face: wide mouth, corners raised. Faces differ in
 * shape; who wants to know whether *this* person smiles compares with the person's own usual value.
 */
export function smileScore({ mouthWidth, cornerLift }: FaceMeasures): number {
  return logistic(30 * (mouthWidth - 0.62) + 30 * (cornerLift + 0.06));
}
