import { FACE_EMOTIONS, type FaceExpression, type PortSchema } from 'vpx-sdk';

/** The signals of `face.expression`. */
export const EXPRESSION_SIGNALS: PortSchema['outputs'] = {
  happy: 'number',
  surprise: 'number',
  smile: 'number',
  mouth_opening: 'number',
  eye_opening: 'number',
  brow_raise: 'number',
  emotion: 'string',
  ...Object.fromEntries(FACE_EMOTIONS.map((name) => [`emotion_${name}`, 'number'] as const)),
};

/** What the main face shows; what is not known of it is left out. */
export function signalsOf(main: FaceExpression | undefined): Record<string, number | string> {
  if (main === undefined) return {};
  const { happy, surprise, smile, mouthOpening, eyeOpening, browRaise, emotion, emotions } = main;
  return {
    happy,
    surprise,
    ...(smile !== undefined && { smile }),
    ...(mouthOpening !== undefined && { mouth_opening: mouthOpening }),
    ...(eyeOpening !== undefined && { eye_opening: eyeOpening }),
    ...(browRaise !== undefined && { brow_raise: browRaise }),
    ...(emotion !== undefined && { emotion }),
    ...(emotions &&
      Object.fromEntries(FACE_EMOTIONS.map((name) => [`emotion_${name}`, emotions[name]]))),
  };
}
