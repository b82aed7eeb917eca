import { describe, expect, it } from 'vitest';
import { COCO_BONES, COCO_KEYPOINTS, POSE_BONES, renderMarks, type Pose } from 'vpx-sdk';
import { cocoView } from '../src/index.ts';
import { marksOfPose } from '../src/pose-marks.ts';
import { LANDMARK, landmarksOf, type Joint } from './support/stick-body.ts';

function poseOf(given: Partial<Pose> = {}, hidden: readonly Joint[] = []): Pose {
  const landmarks = landmarksOf({}, hidden);
  return {
    trackId: 3,
    box: { space: 'px', x1: 152, y1: 54, x2: 248, y2: 360 },
    confidence: 0.9,
    keypoints: cocoView(landmarks),
    landmarks,
    handsRaised: 'none',
    waving: 'none',
    ...given,
  };
}

function skeletonOf(pose: Pose) {
  const skeleton = marksOfPose(pose).find(({ kind }) => kind === 'skeleton');
  if (skeleton?.kind !== 'skeleton') throw new TypeError('No skeleton.');
  return skeleton;
}

describe('the marks of a body', () => {
  it.each([
    [{}, 'body 3'],
    [{ handsRaised: 'both' }, 'body 3, both hands raised'],
    [{ handsRaised: 'left', waving: 'right' }, 'body 3, left hand raised, right hand waving'],
  ] as const)('say who it is and what it does: %j', (measures, label) => {
    expect(marksOfPose(poseOf(measures))[0]).toMatchObject({ kind: 'box', label });
  });

  it('have every bone of a body that is all in sight, and the points that they end at', () => {
    const pose = poseOf();
    const { points, bones } = skeletonOf(pose);
    // The corners of the eyes end no bone.
    expect(points).toHaveLength(29);
    const at = (i: number) => ({
      space: 'px',
      x: pose.landmarks!.points[i * 3],
      y: pose.landmarks!.points[i * 3 + 1],
    });
    expect(bones.map(([from, to]) => [points[from], points[to]])).toEqual(
      POSE_BONES.map(([from, to]) => [at(from), at(to)]),
    );
  });

  it('have COCO bones where there are keypoints only', () => {
    const { trackId, box, confidence, keypoints, handsRaised, waving } = poseOf();
    const pose = { trackId, box, confidence, keypoints, handsRaised, waving };
    const { points, bones } = skeletonOf(pose);
    expect(points).toHaveLength(COCO_KEYPOINTS.length);
    expect(bones).toEqual(COCO_BONES);
  });

  it('leave out what is guessed, and connect the rest as before', () => {
    const all = skeletonOf(poseOf());
    const some = skeletonOf(poseOf({}, ['leftWrist', 'rightKnee']));
    expect(some.points).toHaveLength(27);
    const lines = ({ points, bones }: typeof all) =>
      bones.map(([from, to]) => JSON.stringify([points[from], points[to]]));
    const isHidden = ([from, to]: readonly [number, number]): boolean =>
      [from, to].some((at) => at === LANDMARK.leftWrist || at === LANDMARK.rightKnee);
    const kept = lines(all).filter((_, i) => !isHidden(POSE_BONES[i]!));
    expect(lines(some)).toEqual(kept);
  });

  it('can be drawn', () => {
    const data = new Uint8Array(400 * 400 * 3);
    const image = { format: 'rgb24', width: 400, height: 400, strideBytes: 1200, data } as const;
    const drawn = renderMarks(image, [{ module: 'body.pose', marks: marksOfPose(poseOf()) }]);
    // The middle of the left upper arm, and of the trunk's left side.
    for (const [x, y] of [
      [240, 125],
      [228, 150],
    ] as const) {
      expect(
        Math.max(...drawn.data.subarray((y * 400 + x) * 3, (y * 400 + x) * 3 + 3)),
      ).toBeGreaterThan(100);
    }
  });
});
