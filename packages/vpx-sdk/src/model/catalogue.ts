import type { SsdSpec } from '../detect/ssd-anchors.ts';
import type { ValueRange } from '../image/value-range.ts';
import type { ModelRef } from './model-ref.ts';

/** What one has to know of a model to use it. */
export interface CatalogueModel {
  readonly ref: ModelRef;
  readonly input: {
    readonly name: string;
    /** Width and height, px; three channels, RGB, channels last. */
    readonly sizePx: number;
    /** The values that 0 and 255 become. */
    readonly range: ValueRange;
  };
  /** Where the model card stands. */
  readonly modelCard: string;
}

/** A detector of the SSD kind. */
export interface CatalogueDetector extends CatalogueModel {
  readonly outputs: {
    /** Boxes and keypoints, float32 [N, anchors, 4 + 2 x keypoints]. */
    readonly boxes: string;
    /** Logits, float32 [N, anchors, 1]. */
    readonly scores: string;
  };
  readonly ssd: SsdSpec;
  /** The threshold that MediaPipe uses, 0..1. */
  readonly scoreThreshold: number;
}

/** A model that finds landmarks in a region. */
export interface CatalogueLandmarks extends CatalogueModel {
  readonly outputs: {
    /** x, y, z of each landmark in pixels of the input, float32 [N, 1, 1, 3 x landmarks]. */
    readonly landmarks: string;
    /** Logit of the presence, float32 [N, 1, 1, 1]. */
    readonly presence: string;
  };
  readonly landmarkCount: number;
}

/** A model that finds the landmarks of a hand in a region. */
export interface CatalogueHandLandmarks extends CatalogueModel {
  readonly outputs: {
    /** x, y, z of each landmark in pixels of the input, float32 [N, 3 x landmarks]. */
    readonly landmarks: string;
    /** How sure the model is that there is a hand, 0..1, float32 [N, 1]. */
    readonly presence: string;
    /** How sure it is that the hand is the person's right one, 0..1, float32 [N, 1]. */
    readonly rightness: string;
    /** x, y, z in metres from the middle of the hand, turned like the input; [N, 3 x landmarks]. */
    readonly worldLandmarks: string;
  };
  readonly landmarkCount: number;
}

/** Order of the six keypoints of both face detectors; left and right as the person sees them. */
export const FACE_KEYPOINTS = [
  'right-eye',
  'left-eye',
  'nose-tip',
  'mouth-centre',
  'right-ear-tragion',
  'left-ear-tragion',
] as const;

/** Faces within about two metres of the camera: BlazeFace, arXiv:1907.05047. */
export const FACE_DETECTION_SHORT_RANGE: CatalogueDetector = {
  ref: {
    kind: 'npm',
    package: '@mediapipe/face_detection',
    file: 'face_detection_short_range.tflite',
    sha256: '3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633',
  },
  input: { name: 'input', sizePx: 128, range: [-1, 1] },
  outputs: { boxes: 'regressors', scores: 'classificators' },
  ssd: { sizePx: 128, strides: [8, 16, 16, 16], anchorsPerLayer: 2, keypointCount: 6 },
  scoreThreshold: 0.5,
  modelCard:
    'https://storage.googleapis.com/mediapipe-assets/MediaPipe%20BlazeFace%20Model%20Card%20(Short%20Range).pdf',
};

/**
 * Faces within about five metres. The sparse variant, which MediaPipe's own face detection takes
 * for its full range.
 */
export const FACE_DETECTION_FULL_RANGE: CatalogueDetector = {
  ref: {
    kind: 'npm',
    package: '@mediapipe/face_detection',
    file: 'face_detection_full_range_sparse.tflite',
    sha256: '671dd2f9ed11a78436fc21cc42357a803dfc6f73e9fb86541be942d5716c2dce',
  },
  input: { name: 'input_1', sizePx: 192, range: [-1, 1] },
  outputs: { boxes: 'Identity', scores: 'Identity_1' },
  ssd: { sizePx: 192, strides: [4], anchorsPerLayer: 1, keypointCount: 6 },
  scoreThreshold: 0.6,
  modelCard:
    'https://storage.googleapis.com/mediapipe-assets/MediaPipe%20BlazeFace%20Model%20Card%20(Full%20Range).pdf',
};

/** 468 points of one face, in a square around it with the eyes level. */
export const FACE_LANDMARK_MESH: CatalogueLandmarks = {
  ref: {
    kind: 'npm-packed',
    package: '@mediapipe/face_mesh',
    asset: 'face_landmark.tflite',
    sha256: 'c603fa6149219a3e9487dc9abd7a0c24474c77263273d24868378cdf40aa26d1',
  },
  input: { name: 'input_1', sizePx: 192, range: [0, 1] },
  outputs: { landmarks: 'conv2d_21', presence: 'conv2d_31' },
  landmarkCount: 468,
  modelCard: 'https://mediapipe.page.link/facemesh-mc',
};

/** A model that finds the landmarks of a face and, more exactly, those of its eyes. */
export interface CatalogueEyeLandmarks extends CatalogueLandmarks {
  readonly outputs: CatalogueLandmarks['outputs'] & {
    /**
     * x, y of 71 landmarks around each eye in pixels of the input, float32 [N, 1, 1, 142]; first the
     * nine of the lower lid from the outer corner to the inner, then the seven of the upper lid between
     * them. Right and left are the person's own.
     */
    readonly rightEye: string;
    readonly leftEye: string;
    /** x, y of the middle of each iris and of four points on its rim, float32 [N, 1, 1, 10]. */
    readonly rightIris: string;
    readonly leftIris: string;
  };
}

/** The face mesh with a closer look at the eyes: 468 points, lids and irises, arXiv:2006.10962. */
export const FACE_LANDMARK_ATTENTION: CatalogueEyeLandmarks = {
  ref: {
    kind: 'npm-packed',
    package: '@mediapipe/face_mesh',
    asset: 'face_landmark_with_attention.tflite',
    sha256: '883b7411747bac657c30c462d305d312e9dec6adbf8b85e2f5d8d722fca9455d',
  },
  input: FACE_LANDMARK_MESH.input,
  outputs: {
    landmarks: 'output_mesh_identity',
    // The model's left is that of the picture.
    rightEye: 'output_left_eye',
    leftEye: 'output_right_eye',
    rightIris: 'output_left_iris',
    leftIris: 'output_right_iris',
    presence: 'conv_faceflag',
  },
  landmarkCount: 468,
  modelCard: FACE_LANDMARK_MESH.modelCard,
};

const HAND_MODEL_CARD =
  'https://storage.googleapis.com/mediapipe-assets/Model%20Card%20Hand%20Tracking%20(Lite_Full)%20with%20Fairness%20Oct%202021.pdf';

/** Order of the seven keypoints of {@link PALM_DETECTION}; knuckles are where fingers begin. */
export const PALM_KEYPOINTS = [
  'wrist',
  'index-knuckle',
  'middle-knuckle',
  'ring-knuckle',
  'little-knuckle',
  'thumb-base',
  'thumb-knuckle',
] as const;

/** Palms, within about two metres of the camera: MediaPipe Hands, arXiv:2006.10214. */
export const PALM_DETECTION: CatalogueDetector = {
  ref: {
    kind: 'npm-packed',
    package: '@mediapipe/hands',
    asset: 'palm_detection_full.tflite',
    sha256: '2f25e740121983f68ffc05f99991d524dc0ea812134f6316a26125816941ee85',
  },
  input: { name: 'input_1', sizePx: 192, range: [0, 1] },
  outputs: { boxes: 'Identity', scores: 'Identity_1' },
  ssd: { sizePx: 192, strides: [8, 16, 16, 16], anchorsPerLayer: 2, keypointCount: 7 },
  scoreThreshold: 0.5,
  modelCard: HAND_MODEL_CARD,
};

/** 21 points of one hand, in a square around it with the fingers up. */
export const HAND_LANDMARK_FULL: CatalogueHandLandmarks = {
  ref: {
    kind: 'npm',
    package: '@mediapipe/hands',
    file: 'hand_landmark_full.tflite',
    sha256: '8c026882c9ec059ce0f8e75266bee5a9a23c341a40e0000df755374d3d1b9b68',
  },
  input: { name: 'input_1', sizePx: 224, range: [0, 1] },
  outputs: {
    landmarks: 'Identity',
    presence: 'Identity_1',
    rightness: 'Identity_2',
    worldLandmarks: 'Identity_3',
  },
  landmarkCount: 21,
  modelCard: HAND_MODEL_CARD,
};

/** The same at less cost, and less exact. */
export const HAND_LANDMARK_LITE: CatalogueHandLandmarks = {
  ...HAND_LANDMARK_FULL,
  ref: {
    kind: 'npm',
    package: '@mediapipe/hands',
    file: 'hand_landmark_lite.tflite',
    sha256: 'd7fde8ac11f8ce03f8663775bfc323f4fc9f2a38062b4f4efa142874ef5b2a48',
  },
};

/** A model that finds the landmarks of one body in a region. */
export interface CataloguePoseLandmarks extends CatalogueModel {
  readonly outputs: {
    /** x, y, z in pixels of the input, logits of visibility and presence; float32 [N, 5 x points]. */
    readonly landmarks: string;
    /** How sure the model is that there is a body, 0..1; float32 [N, 1]. */
    readonly presence: string;
    /** Logits of where each point is, channels last; float32 [N, heatmapPx, heatmapPx, points]. */
    readonly heatmap: string;
    /** x, y, z in metres from the middle of the hips; float32 [N, 3 x points]. */
    readonly world: string;
  };
  readonly heatmapPx: number;
  /** The body's landmarks, then the points by which the next region is found. */
  readonly pointCount: number;
  readonly landmarkCount: number;
}

/** Order of the four keypoints of the pose detector. */
export const POSE_DETECTION_KEYPOINTS = [
  'hip-centre',
  'full-body-circle',
  'shoulder-centre',
  'upper-body-circle',
] as const;

/** People by their heads, with the circle around the body: BlazePose, arXiv:2006.10204. */
export const POSE_DETECTION: CatalogueDetector = {
  ref: {
    kind: 'npm-packed',
    package: '@mediapipe/pose',
    asset: 'pose_detection.tflite',
    sha256: 'a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85',
  },
  input: { name: 'input_1', sizePx: 224, range: [-1, 1] },
  outputs: { boxes: 'Identity', scores: 'Identity_1' },
  ssd: { sizePx: 224, strides: [8, 16, 32, 32, 32], anchorsPerLayer: 2, keypointCount: 4 },
  scoreThreshold: 0.5,
  modelCard:
    'https://storage.googleapis.com/mediapipe-assets/Model%20Card%20BlazePose%20GHUM%203D.pdf',
};

const poseLandmarks = (size: string, sha256: string): CataloguePoseLandmarks => ({
  ref: { kind: 'npm', package: '@mediapipe/pose', file: `pose_landmark_${size}.tflite`, sha256 },
  input: { name: 'input_1', sizePx: 256, range: [0, 1] },
  outputs: {
    landmarks: 'Identity',
    presence: 'Identity_1',
    heatmap: 'Identity_3',
    world: 'Identity_4',
  },
  heatmapPx: 64,
  pointCount: 39,
  landmarkCount: 33,
  modelCard: POSE_DETECTION.modelCard,
});

/** 33 landmarks of one body; the quickest of three. */
export const POSE_LANDMARK_LITE = poseLandmarks(
  'lite',
  'f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61',
);

/** 33 landmarks of one body; half as much work again as the lite model. */
export const POSE_LANDMARK_FULL = poseLandmarks(
  'full',
  'e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f',
);

/** 33 landmarks of one body; the most exact, at five times the work of the lite model. */
export const POSE_LANDMARK_HEAVY = poseLandmarks(
  'heavy',
  '59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe',
);

/** A model that finds the keypoints of one body in a whole picture. */
export interface CatalogueKeypoints extends CatalogueModel {
  readonly outputs: {
    /** y, x (0..1 of the input) and score (0..1) of each keypoint, float32 [1, 1, keypoints, 3]. */
    readonly keypoints: string;
  };
  readonly keypointCount: number;
}

/** COCO's 17 keypoints of the main person; its package is not installed along with this one. */
export const MOVENET_LIGHTNING: CatalogueKeypoints = {
  ref: {
    kind: 'npm',
    package: '@vladmandic/human',
    file: 'models/movenet-lightning.json',
    sha256: '820996ebc95ec0aaab828ebb34ab525328cbbe8a242e9db9f65eaa8fe893424f',
  },
  input: { name: 'input', sizePx: 192, range: [0, 255] },
  outputs: { keypoints: 'Identity' },
  keypointCount: 17,
  modelCard: 'https://storage.googleapis.com/movenet/MoveNet.SinglePose%20Model%20Card.pdf',
};

/** Order of the emotions of {@link FACE_EMOTION}, that of the data set FER2013. */
export const FACE_EMOTIONS = [
  'angry',
  'disgust',
  'fear',
  'happy',
  'sad',
  'surprise',
  'neutral',
] as const;

/** A model that tells what a grey picture of a face shows. */
export interface CatalogueEmotionModel {
  readonly ref: ModelRef;
  readonly input: {
    readonly name: string;
    /** Width and height, px; one channel, grey: float32 [N, size, size, 1]. */
    readonly sizePx: number;
    /** The values that 0 and 255 become. */
    readonly range: ValueRange;
  };
  readonly outputs: {
    /** The share of each of {@link FACE_EMOTIONS}, together 1; float32 [N, 7]. */
    readonly emotions: string;
  };
  /** Where the model card stands. */
  readonly modelCard: string;
}

/**
 * Seven emotions of one face in a tight upright crop: mini-XCEPTION, arXiv:1710.07557, 66 % right on
 * FER2013. Its package is not installed along with this one.
 */
export const FACE_EMOTION: CatalogueEmotionModel = {
  ref: {
    kind: 'npm',
    package: '@vladmandic/human',
    file: 'models/emotion.json',
    sha256: '27f76db88b60395e3240ab2945a998456306164f40812b86bad6adbb3ed110f2',
  },
  input: { name: 'input_1', sizePx: 64, range: [-1, 1] },
  outputs: { emotions: 'Identity' },
  modelCard: 'https://github.com/oarriaga/face_classification',
};
