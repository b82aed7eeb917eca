import { FACE_EMOTIONS, type Emotion } from 'vpx-sdk';

/** Another emotion takes over only if it is stronger by this much, so that the label does not flicker. */
const MARGIN = 0.1;

/** The strongest emotion; the one before stays while no other is clearly stronger. */
export function dominantEmotion(
  scores: Readonly<Record<Emotion, number>>,
  before: Emotion | undefined,
): Emotion {
  let best: Emotion = 'neutral';
  for (const emotion of FACE_EMOTIONS) if (scores[emotion] > scores[best]) best = emotion;
  return before !== undefined && scores[best] < scores[before] + MARGIN ? before : best;
}
