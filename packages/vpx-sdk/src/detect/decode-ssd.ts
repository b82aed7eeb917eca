import { VisualError, type NormBox } from 'visualbase';
import type { Detection } from './detection.ts';
import type { SsdAnchors, SsdSpec } from './ssd-anchors.ts';

/** What {@link decodeSsdBoxes} reads. */
export interface SsdOutput {
  /** float32 [anchors, 4 + 2 x keypoints]: centre, size, points; input pixels from the anchor. */
  readonly boxes: Float32Array;
  /** float32 [anchors]: logits. */
  readonly scores: Float32Array;
}

/** Options of {@link decodeSsdBoxes}. */
export interface DecodeSsdOptions {
  readonly spec: Pick<SsdSpec, 'sizePx' | 'keypointCount'>;
  /** From {@link ssdAnchors} with the same spec. */
  readonly anchors: SsdAnchors;
  /** The least score, 0..1 after the sigmoid. */
  readonly scoreThreshold: number;
}

/**
 * Decodes what an SSD detector puts out for one picture.
 *
 * @returns What reaches the threshold, in the order of the anchors, 0..1 of the input; still with
 * many boxes for one thing, for {@link weightedNms} to join.
 * @throws `VPX_BAD_OUTPUT` if the lengths do not fit the anchors, or a score is not a number.
 */
export function decodeSsdBoxes(output: SsdOutput, options: DecodeSsdOptions): Detection<NormBox>[] {
  const { boxes, scores } = output;
  const { spec, anchors, scoreThreshold } = options;
  const anchorCount = anchors.length / 2;
  const rowLength = 4 + spec.keypointCount * 2;
  if (scores.length !== anchorCount || boxes.length !== anchorCount * rowLength) {
    throw badOutput(
      `has ${boxes.length} box values and ${scores.length} scores, but ${anchorCount} anchors with ${spec.keypointCount} keypoints need ${anchorCount * rowLength} and ${anchorCount}`,
    );
  }
  // Comparing logits spares the sigmoid for all but the few that pass.
  const leastLogit = Math.log(scoreThreshold / (1 - scoreThreshold));
  const found: Detection<NormBox>[] = [];
  for (let i = 0; i < anchorCount; i++) {
    const logit = scores[i]!;
    if (logit < leastLogit) continue;
    if (Number.isNaN(logit)) throw badOutput(`has a score that is not a number at anchor ${i}`);
    const detection = decodeBox(boxes, i * rowLength, anchors[i * 2]!, anchors[i * 2 + 1]!, spec);
    if (detection !== undefined) found.push({ score: sigmoid(logit), ...detection });
  }
  return found;
}

/** 1 / (1 + e^-x). */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

// A box without an inside is one that the network does not mean; MediaPipe leaves it out too.
function decodeBox(
  boxes: Float32Array,
  at: number,
  anchorX: number,
  anchorY: number,
  { sizePx, keypointCount }: Pick<SsdSpec, 'sizePx' | 'keypointCount'>,
): Pick<Detection<NormBox>, 'box' | 'keypoints'> | undefined {
  const centreX = boxes[at]! / sizePx + anchorX;
  const centreY = boxes[at + 1]! / sizePx + anchorY;
  const width = boxes[at + 2]! / sizePx;
  const height = boxes[at + 3]! / sizePx;
  if (!(width > 0 && height > 0)) return undefined;
  return {
    box: {
      space: 'norm',
      x1: centreX - width / 2,
      y1: centreY - height / 2,
      x2: centreX + width / 2,
      y2: centreY + height / 2,
    },
    keypoints: Array.from({ length: keypointCount }, (_, k) => ({
      x: boxes[at + 4 + k * 2]! / sizePx + anchorX,
      y: boxes[at + 5 + k * 2]! / sizePx + anchorY,
    })),
  };
}

const badOutput = (what: string) =>
  new VisualError(
    'VPX_BAD_OUTPUT',
    `The output of the detector ${what}. Check that the settings belong to this model.`,
  );
