import {
  COCO_BONES,
  COCO_KEYPOINTS,
  POSE_BONES,
  type HandSide,
  type Mark,
  type MarkPoint,
  type Pose,
} from 'vpx-sdk';
import { MIN_VISIBILITY } from './measure/trunk.ts';

/** What to draw for a body: what can be seen of it, and a box that says who it is and what it does. */
export function marksOfPose(pose: Pose): readonly Mark[] {
  const points = pointsOf(pose);
  const bones = pose.landmarks === undefined ? COCO_BONES : POSE_BONES;
  return [
    { kind: 'box', box: pose.box, label: labelOf(pose) },
    { kind: 'skeleton', ...visiblePart(points, bones) },
  ];
}

function labelOf({ trackId, handsRaised, waving }: Pose): string {
  const raised = handsRaised === 'none' ? [] : [`${handOf(handsRaised)} raised`];
  const waves = waving === 'none' ? [] : [`${handOf(waving)} waving`];
  return [`body ${trackId}`, ...raised, ...waves].join(', ');
}

const handOf = (side: HandSide): string => (side === 'both' ? 'both hands' : `${side} hand`);

/** Each point, or undefined where it is guessed rather than seen. */
function pointsOf({ keypoints, landmarks }: Pose): readonly (MarkPoint | undefined)[] {
  const space = 'px';
  if (landmarks === undefined) {
    return COCO_KEYPOINTS.map((name) => {
      const { x, y, visibility } = keypoints.points[name];
      return visibility >= MIN_VISIBILITY ? { space, x, y } : undefined;
    });
  }
  const { points, visibility } = landmarks;
  return Array.from(visibility, (seen, i) =>
    seen >= MIN_VISIBILITY ? { space, x: points[i * 3]!, y: points[i * 3 + 1]! } : undefined,
  );
}

/** The bones of which both ends can be seen, and the points that some bone ends at, by new places. */
function visiblePart(
  all: readonly (MarkPoint | undefined)[],
  bones: readonly (readonly [number, number])[],
): { readonly points: MarkPoint[]; readonly bones: (readonly [number, number])[] } {
  const joints = new Set(bones.flat());
  const points: MarkPoint[] = [];
  const placeOf = all.map((point, i) =>
    point !== undefined && joints.has(i) ? points.push(point) - 1 : -1,
  );
  const connected = bones
    .map(([from, to]) => [placeOf[from]!, placeOf[to]!] as const)
    .filter(([from, to]) => from >= 0 && to >= 0);
  return { points, bones: connected };
}
