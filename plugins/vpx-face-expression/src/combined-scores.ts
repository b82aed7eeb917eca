import type { Emotions } from './emotion/emotion-model.ts';

/**
 * How happy a face looks, 0..1: the mean of what the model says and of the smile, since the two are
 * wrong about different faces; the one that is known if the other is not.
 */
export function happyScore(emotions: Emotions | undefined, smile: number | undefined): number {
  return meanOfKnown(emotions?.happy, smile);
}

/**
 * How surprised a face looks, 0..1. Beside a mesh the model's fear counts as well: it takes most
 * surprised faces for frightened ones, and the brows and mouth tell whether they are.
 *
 * @param byShape - `surpriseScore` of the mesh.
 */
export function surprisedScore(
  emotions: Emotions | undefined,
  byShape: number | undefined,
): number {
  if (byShape === undefined) return emotions?.surprise ?? 0;
  return meanOfKnown(emotions && emotions.surprise + emotions.fear, byShape);
}

function meanOfKnown(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return a ?? b ?? 0;
  return (a + b) / 2;
}
