// Measured on one man who raises his brows and opens his mouth: talking opens it to about 0.05 of an
// eye distance, astonishment past 0.1.
const TALKING_GAP = 0.05;
const ASTONISHED_GAP = 0.12;

/**
 * How much a face looks surprised, 0 to 1: as far as the brows are raised and the mouth is open.
 *
 * @param browRaise - 0..1, over what is usual for the person.
 * @param mouthOpening - In eye distances, as in `FaceExpression`.
 */
export function surpriseScore(browRaise: number, mouthOpening: number): number {
  const opened = (mouthOpening - TALKING_GAP) / (ASTONISHED_GAP - TALKING_GAP);
  return Math.min(browRaise, Math.max(0, Math.min(1, opened)));
}
