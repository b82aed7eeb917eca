import { HAND_GESTURES, type Frame, type Hand, type PortSchema } from 'vpx-sdk';

/** The signals of `hand.gesture`; one boolean per gesture. */
export const HAND_SIGNALS: PortSchema['outputs'] = {
  hand_count: 'number',
  main_hand_confidence: 'number',
  main_hand_track_id: 'number',
  main_hand_area: 'number',
  main_hand_handedness: 'string',
  main_hand_gesture: 'string',
  main_hand_gesture_score: 'number',
  ...Object.fromEntries(HAND_GESTURES.map((gesture) => [gesture, 'boolean'] as const)),
};

/** Measures of the hands of a frame, the main one first. */
export function signalsOf(
  hands: readonly Hand[],
  frame: Pick<Frame, 'width' | 'height'>,
): Record<string, number | string | boolean> {
  const main = hands[0];
  const shown = HAND_GESTURES.map(
    (name) => [name, hands.some(({ gesture }) => gesture === name)] as const,
  );
  return {
    hand_count: hands.length,
    main_hand_confidence: main?.confidence ?? 0,
    main_hand_gesture: main?.gesture ?? 'none',
    main_hand_gesture_score: main?.gestureScore ?? 0,
    ...(main && {
      main_hand_track_id: main.trackId,
      main_hand_area: areaPx(main) / (frame.width * frame.height),
      main_hand_handedness: main.handedness,
    }),
    ...Object.fromEntries(shown),
  };
}

/** Area of the box of a hand. */
export const areaPx = ({ box }: Pick<Hand, 'box'>): number => (box.x2 - box.x1) * (box.y2 - box.y1);
