import { HAND_BONES, type Hand, type Mark, type MarkPoint } from 'vpx-sdk';

/** What to draw for a hand: its bones, and a box that says who it is and what it shows. */
export function marksOfHand({
  trackId,
  handedness,
  box,
  landmarks,
  gesture,
}: Hand): readonly Mark[] {
  const points: MarkPoint[] = [];
  for (let i = 0; i < landmarks.points.length; i += 3) {
    points.push({ space: 'px', x: landmarks.points[i]!, y: landmarks.points[i + 1]! });
  }
  const label = [`${handedness} hand ${trackId}`, ...(gesture === undefined ? [] : [gesture])];
  return [
    { kind: 'box', box, label: label.join(', ') },
    { kind: 'skeleton', points, bones: HAND_BONES },
  ];
}
