import { FACE_EMOTIONS, type FaceExpression, type Mark } from 'vpx-sdk';

/** An emotion from here on is more likely than all others together. */
const CLEAR_SHARE = 0.5;

/** What to draw for a face: below it how happy and how surprised it looks, and another emotion if it is clear. */
export function marksOfExpression(expression: FaceExpression): readonly Mark[] {
  const { box, happy, surprise, emotions } = expression;
  const at = { space: 'px', x: box.x1, y: box.y2 } as const;
  const others = FACE_EMOTIONS.filter((name) => name !== 'happy' && name !== 'surprise');
  const clear = others
    .map((name) => ({ label: name, value: emotions?.[name] ?? 0 }))
    .filter(({ value }) => value >= CLEAR_SHARE);
  return [{ label: 'happy', value: happy }, { label: 'surprise', value: surprise }, ...clear].map(
    (bar): Mark => ({ kind: 'bar', at, ...bar }),
  );
}
