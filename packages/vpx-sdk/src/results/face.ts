import type { PixelBox } from 'visualbase';
import type { Point } from '../image/point.ts';
import type { FACE_EMOTIONS } from '../model/catalogue.ts';
// The augmentation below needs the module loaded.
import type {} from 'visualpath';

/** The six keypoints of BlazeFace. Right and left are the person's own. */
export interface FaceKeypoints {
  readonly space: 'px';
  readonly rightEye: Point;
  readonly leftEye: Point;
  readonly noseTip: Point;
  readonly mouthCentre: Point;
  readonly rightEar: Point;
  readonly leftEar: Point;
}

/** The 468 landmarks of MediaPipe's face mesh, in its fixed order. */
export interface FaceMesh {
  readonly space: 'px';
  /**
   * `x, y, z` of each landmark, 468 x 3. `x` and `y` in pixels of the frame; `z` in the same unit,
   * smaller is closer to the camera, 0 near the centre of the head. With the `gaze` option the lids are
   * those of a closer look at the eyes.
   */
  readonly points: Float32Array;
  /** How sure the model is that there is a face in the region at all, 0..1. */
  readonly presence: number;
}

/** Where a head points. All 0 for a face that looks straight into the camera. */
export interface HeadPose {
  /** Positive towards the right side of the picture. */
  readonly yawDeg: number;
  /** Positive upwards. */
  readonly pitchDeg: number;
  /** Positive clockwise in the picture. */
  readonly rollDeg: number;
}

/** The coloured part of an eye, and the pupil in it. */
export interface Iris {
  readonly centre: Point;
  /** Mean of its half width and half height. */
  readonly radiusPx: number;
}

/** One eye. */
export interface Eye {
  /** Gap between the lids over the width of the eye, in the head's own frame; about 0.3 when open. */
  readonly opening: number;
  /** By this person's own open eye, with hysteresis. */
  readonly isClosed: boolean;
  /** Only with the `gaze` option; a guess while the eye is closed. */
  readonly iris?: Iris;
}

/** Both eyes of a face. Right and left are the person's own. */
export interface FaceEyes {
  readonly right: Eye;
  readonly left: Eye;
  /** Both eyes are closed, and have not been for longer than a blink lasts (0.5 s). */
  readonly isBlinking: boolean;
  /** Blinks that have ended since the track began. */
  readonly blinkCount: number;
}

/**
 * Where a person looks, seen from the camera: head and eyes together. 0, 0 is into the camera. An
 * estimate, within about 10 degrees.
 */
export interface Gaze {
  /** Positive towards the right side of the picture. */
  readonly yawDeg: number;
  /** Positive upwards. */
  readonly pitchDeg: number;
}

/** How good a picture of a face is. All but `sizePx` are 0 (useless) to 1. */
export interface FaceQuality {
  /** Geometric mean of sharpness, size and frontalness. */
  readonly score: number;
  /** Fine detail of the face at 96 pixels, 0 when blurred beyond about 3 of these. */
  readonly sharpness: number;
  /** 1 from 128 pixels on. */
  readonly size: number;
  /** 1 straight into the camera, 0 from 60 degrees away. */
  readonly frontalness: number;
  /** Side of a square of the area of the box. */
  readonly sizePx: number;
}

/** One face in one frame. */
export interface Face {
  /** The same for the same face from frame to frame; never used again for another. From 1. */
  readonly trackId: number;
  readonly box: PixelBox;
  /** Of the detector, 0..1. */
  readonly confidence: number;
  readonly keypoints: FaceKeypoints;
  /** Only with the `mesh` option, and where the mesh model agrees that there is a face. */
  readonly mesh?: FaceMesh;
  readonly headPose?: HeadPose;
  /** With a mesh. */
  readonly eyes?: FaceEyes;
  /** With a mesh and the `gaze` option, while at least one eye is open. */
  readonly gaze?: Gaze;
  /** With a mesh and the `quality` option. */
  readonly quality?: FaceQuality;
}

/** Data of a `face.detect` observation. */
export interface FaceDetectData {
  /** The main face (largest, then most certain) first. */
  readonly faces: readonly Face[];
  /** Size of the frame that the pixels refer to. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** An emotion that a face may show. */
export type Emotion = (typeof FACE_EMOTIONS)[number];

/**
 * What a face shows. What is measured from its mesh is missing where it has none; ratios do not
 * depend on distance or head pose.
 */
export interface FaceExpression {
  /** {@link Face.trackId} of the face. */
  readonly trackId: number;
  /** {@link Face.box} of the face. */
  readonly box: PixelBox;
  /** 0..1, smoothed over time: the mean of the model's `happy` and `smile`, or the one there is. */
  readonly happy: number;
  /** 0..1, smoothed over time: raised brows over an open mouth, and what the model says of it. */
  readonly surprise: number;
  /** Share of each emotion by the model, smoothed over time, together 1. Only with the model. */
  readonly emotions?: Readonly<Record<Emotion, number>>;
  /**
   * The strongest of `emotions`, with `happy` and `surprise` in place of the model's, and `neutral`
   * for what `happy` differs; another takes over once it is clearly stronger. Only with the model.
   */
  readonly emotion?: Emotion;
  /** 0 (none) to 1 (broad), from mouth width and corner lift, by the average face. */
  readonly smile?: number;
  /** Gap between the inner lips over the distance of the outer eye corners; 0 when closed. */
  readonly mouthOpening?: number;
  /** Gap between the lids over the width of the eye, mean of both; about 0.3 open, 0.2 or less shut. */
  readonly eyeOpening?: number;
  /** The same of each eye; right and left are the person's own. */
  readonly rightEyeOpening?: number;
  readonly leftEyeOpening?: number;
  /** Distance of the mouth corners over that of the outer eye corners. */
  readonly mouthWidth?: number;
  /** How far the mouth corners lie above the middle of the upper lip, over the same distance. */
  readonly cornerLift?: number;
  /** How far the brows lie above the eye corners, over the same distance; differs between people. */
  readonly browHeight?: number;
  /** Gap between the inner ends of the brows, over the same distance; smaller in a frown. */
  readonly browGap?: number;
  /** 0..1: how far the brows are above where this person usually has them; 0 at first sight. */
  readonly browRaise?: number;
}

/** Data of a `face.expression` observation. */
export interface FaceExpressionData {
  /** In the order of the faces; without the emotion model only those with a mesh. */
  readonly expressions: readonly FaceExpression[];
}

declare module 'visualpath' {
  interface ModuleOutputs {
    'face.detect': FaceDetectData;
    'face.expression': FaceExpressionData;
  }
}
