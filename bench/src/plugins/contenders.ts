import { BodyPoseAnalyzer } from 'vpx-body-pose';
import { FaceDetectionAnalyzer } from 'vpx-face-detect';
import { HandGestureAnalyzer } from 'vpx-hand-gesture';
import type { AnyModule } from 'visualpath';
import type { FoundPoints, Solution } from './mediapipe.ts';

/** One of our modules and the solution of MediaPipe that does the same. */
export interface Contender {
  /** As it is called in the table. */
  readonly name: string;
  readonly make: () => AnyModule;
  /** What an observation's data says was found; undefined where theirs has no counterpart. */
  readonly found: (data: unknown) => readonly FoundPoints[];
  readonly theirs?: Solution;
  /** Our module forgets what it followed before each frame. */
  readonly isForgetful?: boolean;
}

type Point = readonly [x: number, y: number];

/** x and y out of x, y, z by turns. */
const points3 = (points: Readonly<Float32Array>): FoundPoints => ({
  points: Array.from({ length: points.length / 3 }, (_, i): Point => [
    points[i * 3]!,
    points[i * 3 + 1]!,
  ]),
});

interface Boxed {
  readonly box: {
    readonly x1: number;
    readonly y1: number;
    readonly x2: number;
    readonly y2: number;
  };
}
interface Meshed {
  readonly mesh?: { readonly points: Float32Array };
}
interface Landmarked {
  readonly landmarks?: { readonly points: Float32Array };
}

const boxes = (data: unknown): readonly FoundPoints[] =>
  (data as { readonly faces: readonly Boxed[] }).faces.map(({ box: { x1, y1, x2, y2 } }) => ({
    points: [
      [x1, y1],
      [x2, y2],
    ],
  }));

const meshes = (data: unknown): readonly FoundPoints[] =>
  (data as { readonly faces: readonly Meshed[] }).faces.flatMap(({ mesh }) =>
    mesh === undefined ? [] : [points3(mesh.points)],
  );

const landmarks = (list: readonly Landmarked[]): readonly FoundPoints[] =>
  list.flatMap((one) => (one.landmarks === undefined ? [] : [points3(one.landmarks.points)]));

const hands = (data: unknown): readonly FoundPoints[] =>
  landmarks((data as { readonly hands: readonly Landmarked[] }).hands);

const poses = (data: unknown): readonly FoundPoints[] =>
  landmarks((data as { readonly poses: readonly Landmarked[] }).poses);

/** Faces with as many meshes as MediaPipe is told to look for. */
export const faceContenders = (faceCount: number): readonly Contender[] => [
  ...(['short', 'full'] as const).map((range, modelSelection): Contender => {
    // The models' own. MediaPipe's class does not pass another one on to the full range.
    const minConfidence = range === 'short' ? 0.5 : 0.6;
    const options = { model_selection: modelSelection, min_detection_confidence: minConfidence };
    const ours = { range, minConfidence };
    return {
      name: `face.detect-${range}`,
      make: () => new FaceDetectionAnalyzer(ours),
      found: boxes,
      theirs: { solution: 'face_detection', options },
    };
  }),
  // Its mesh solution always detects with the short-range model.
  ...(['short', 'full'] as const).map((range): Contender => ({
    name: `face.detect-${range}-mesh`,
    make: () => new FaceDetectionAnalyzer({ range, mesh: true, maxFaces: faceCount }),
    found: meshes,
    theirs: {
      solution: 'face_mesh',
      options: { max_num_faces: faceCount, refine_landmarks: false },
    },
  })),
];

/** Hands, unsmoothed on both sides. */
export const HAND_CONTENDERS: readonly Contender[] = [false, true].flatMap((likeMediaPipe) =>
  (['lite', 'full'] as const).map((model, modelComplexity) => ({
    name: `hand.gesture-${model}${likeMediaPipe ? '-like-mediapipe' : ''}`,
    make: () => new HandGestureAnalyzer({ model, maxHands: 2, smooth: false, likeMediaPipe }),
    found: hands,
    theirs: {
      solution: 'hands',
      options: { model_complexity: modelComplexity, max_num_hands: 2 },
    },
  })),
);

/**
 * Hands in each frame by itself: where both sides follow, a difference in the last digit grows from frame
 * to frame.
 */
export const LONE_HANDS: Contender = {
  name: 'hand.gesture-full-like-mediapipe-each-frame-alone',
  make: () => new HandGestureAnalyzer({ likeMediaPipe: true, maxHands: 2, smooth: false }),
  found: hands,
  theirs: { solution: 'hands', options: { max_num_hands: 2, static_image_mode: true } },
  isForgetful: true,
};

/** Bodies, one on both sides, unsmoothed. */
export const POSE_CONTENDERS: readonly Contender[] = (['lite', 'full'] as const).map(
  (model, modelComplexity) => ({
    name: `body.pose-${model}`,
    make: () => new BodyPoseAnalyzer({ model, maxPeople: 1, smooth: false }),
    found: poses,
    theirs: {
      solution: 'pose',
      options: { model_complexity: modelComplexity, smooth_landmarks: false },
    },
  }),
);

/** MediaPipe has no MoveNet: timed alone. */
export const MOVENET: Contender = {
  name: 'body.pose-movenet',
  make: () => new BodyPoseAnalyzer({ model: 'movenet' }),
  found: () => [],
};
