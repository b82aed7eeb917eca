import type { Face, Frame, PortSchema } from 'vpx-sdk';

/** The signals of `face.detect`; all but the first two only where the option that finds them is on. */
export const FACE_SIGNALS: PortSchema['outputs'] = {
  face_count: 'number',
  main_face_confidence: 'number',
  main_face_track_id: 'number',
  main_face_area: 'number',
  main_face_yaw_deg: 'number',
  main_face_pitch_deg: 'number',
  main_face_roll_deg: 'number',
  main_face_eye_opening: 'number',
  main_face_is_blinking: 'boolean',
  main_face_blink_count: 'number',
  main_face_gaze_yaw_deg: 'number',
  main_face_gaze_pitch_deg: 'number',
  main_face_quality: 'number',
  main_face_sharpness: 'number',
};

/** Measures of the faces of a frame, the main one first. */
export function signalsOf(
  faces: readonly Face[],
  frame: Pick<Frame, 'width' | 'height'>,
): Record<string, number | boolean> {
  const [main] = faces;
  if (main === undefined) return { face_count: 0, main_face_confidence: 0 };
  const { headPose, eyes, gaze, quality } = main;
  return {
    face_count: faces.length,
    main_face_confidence: main.confidence,
    main_face_track_id: main.trackId,
    main_face_area: areaPx(main) / (frame.width * frame.height),
    ...(headPose && {
      main_face_yaw_deg: headPose.yawDeg,
      main_face_pitch_deg: headPose.pitchDeg,
      main_face_roll_deg: headPose.rollDeg,
    }),
    ...(eyes && {
      main_face_eye_opening: (eyes.right.opening + eyes.left.opening) / 2,
      main_face_is_blinking: eyes.isBlinking,
      main_face_blink_count: eyes.blinkCount,
    }),
    ...(gaze && {
      main_face_gaze_yaw_deg: gaze.yawDeg,
      main_face_gaze_pitch_deg: gaze.pitchDeg,
    }),
    ...(quality && {
      main_face_quality: quality.score,
      main_face_sharpness: quality.sharpness,
    }),
  };
}

/** Area of the box of a face. */
export const areaPx = ({ box }: Pick<Face, 'box'>): number => (box.x2 - box.x1) * (box.y2 - box.y1);
