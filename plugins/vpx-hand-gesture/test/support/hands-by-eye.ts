import type { Hand } from 'vpx-sdk';

/** Middles of the right and the left hand of a picture, px. */
export type HandsByEye = readonly [rightX: number, rightY: number, leftX: number, leftY: number];
type Marked = Readonly<Record<number, HandsByEye>>;

/** Of the pictures of asl-again.mkv in which hands move fast, by their number. */
export const AGAIN_BY_EYE: Marked = {
  6: [197, 401, 411, 445],
  7: [190, 363, 410, 426],
  8: [193, 338, 420, 422],
  9: [194, 309, 413, 403],
  10: [197, 296, 411, 397],
  11: [208, 264, 410, 378],
  12: [231, 248, 408, 362],
  13: [242, 229, 400, 336],
  14: [262, 223, 399, 317],
  15: [278, 223, 391, 317],
  60: [319, 262, 363, 268],
  61: [305, 300, 356, 293],
  62: [304, 357, 367, 357],
  63: [303, 357, 363, 363],
  64: [288, 410, 379, 410],
  65: [293, 410, 375, 410],
};

/** Of the pictures of asl-help.mkv in which hands move fast, by their number. */
export const HELP_BY_EYE: Marked = {
  5: [266, 413, 424, 439],
  6: [278, 382, 417, 426],
  7: [288, 365, 395, 403],
  8: [302, 334, 388, 384],
  9: [311, 309, 386, 365],
  10: [316, 283, 385, 347],
  11: [332, 268, 370, 319],
  45: [305, 252, 356, 283],
  46: [298, 315, 348, 365],
  47: [290, 321, 347, 372],
  48: [288, 374, 395, 418],
};

/** How far the middle of a hand's box may lie from its mark, px: half a hand. */
const REACH_PX = 45;

/** Whether both hands were found, each at its own mark; without marks any two hands will do. */
export function areBoth(hands: readonly Hand[], marked: HandsByEye | undefined): boolean {
  if (hands.length !== 2) return false;
  if (marked === undefined) return true;
  const [rightX, rightY, leftX, leftY] = marked;
  const at = ({ box }: Hand, x: number, y: number): number =>
    Math.hypot((box.x1 + box.x2) / 2 - x, (box.y1 + box.y2) / 2 - y);
  const fits = (right: Hand, left: Hand): boolean =>
    at(right, rightX, rightY) < REACH_PX && at(left, leftX, leftY) < REACH_PX;
  const nearer = (hand: Hand): boolean => at(hand, rightX, rightY) < at(hand, leftX, leftY);
  const [a, b] = [hands[0]!, hands[1]!];
  if (nearer(a) === nearer(b)) return false;
  return fits(a, b) || fits(b, a);
}
