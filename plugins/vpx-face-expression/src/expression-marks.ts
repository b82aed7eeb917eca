import type { FaceExpression, Mark } from 'vpx-sdk';

/** Bars of a face narrower than this would cover others. */
const MIN_BAR_WIDTH_PX = 48;
/** What a small face shows is named from here on. */
const CLEAR = 0.5;

/**
 * What to draw for a face: below it how happy and how surprised it looks, which can be relied on. Below
 * small faces only a name where it is clear.
 */
export function marksOfExpression({ box, happy, surprise }: FaceExpression): readonly Mark[] {
  const at = { space: 'px', x: box.x1, y: box.y2 } as const;
  const shown = [
    { label: 'happy', value: happy },
    { label: 'surprise', value: surprise },
  ];
  if (box.x2 - box.x1 >= MIN_BAR_WIDTH_PX) {
    return shown.map((bar): Mark => ({ kind: 'bar', at, ...bar }));
  }
  const clear = shown.filter(({ value }) => value >= CLEAR);
  return clear.map(({ label }): Mark => ({ kind: 'label', at, text: label }));
}
