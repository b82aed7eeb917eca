import type { FaceMeasures } from './face-geometry.ts';

// Measured on frontal faces (seven people, 360 x 288 to 640 x 480): at rest the mouth is 0.54 to 0.60
// eye distances wide with corners 0.05 to 0.08 below the upper lip; a clear smile widens it past 0.66
// and lifts the corners past 0.045. Open laughs widen more and lift less, closed smiles the reverse.
const REST_WIDTH = 0.58;
const SMILE_WIDENING = 0.1;
const REST_LIFT = -0.065;
const SMILE_LIFTING = 0.03;
const STEEPNESS = 6;
const MIDDLE = 0.6;

/**
 * How much a face smiles, 0 to 1, by the average face: wide mouth, corners raised. Faces differ in
 * shape; who wants to know whether *this* person smiles compares with the person's own usual value.
 */
export function smileScore({ mouthWidth, cornerLift }: FaceMeasures): number {
  const widening = (mouthWidth - REST_WIDTH) / SMILE_WIDENING;
  const lifting = (cornerLift - REST_LIFT) / SMILE_LIFTING;
  return 1 / (1 + Math.exp(-STEEPNESS * ((widening + lifting) / 2 - MIDDLE)));
}
