import { FACE_EMOTIONS, type FaceExpression, type Mark, type PixelBox } from 'vpx-sdk';

/** So many emotions are drawn, the strongest first. */
const BAR_COUNT = 3;
/** Distance of the bars, in heights of the box. */
const BAR_STEP = 0.3;

/** What to draw for a face: its emotion, or how happy it looks, below it; bars to the right. */
export function marksOfExpression(expression: FaceExpression): readonly Mark[] {
  const { box, happy, surprise, emotion } = expression;
  const happiness = `happy ${Math.round(happy * 100)} %`;
  const isSaid = emotion === undefined || emotion === 'happy';
  const text = isSaid ? happiness : `${emotion}, ${happiness}`;
  const label: Mark = { kind: 'label', at: { space: 'px', x: box.x1, y: box.y2 }, text };
  const { emotions } = expression;
  if (emotions === undefined) {
    return [
      label,
      ...bars(box, [
        ['happy', happy],
        ['surprise', surprise],
      ]),
    ];
  }
  const strongest = FACE_EMOTIONS.map((name) => [name, emotions[name]] as const).sort(
    ([, a], [, b]) => b - a,
  );
  return [label, ...bars(box, strongest.slice(0, BAR_COUNT))];
}

function bars(
  { x2, y1, y2 }: PixelBox,
  values: readonly (readonly [label: string, value: number])[],
): readonly Mark[] {
  return values.map(([label, value], i) => {
    const y = y1 + (y2 - y1) * BAR_STEP * i;
    return { kind: 'bar', at: { space: 'px', x: x2, y }, value, label };
  });
}
