import { parseColor } from './color.ts';

/** Points or bones of one mark; more is a mistake and would take forever. */
const MAX_PARTS = 100_000;

/**
 * What is wrong with the form of a mark, as the end of a sentence; undefined if it can be drawn. Numbers
 * may be anything: what is NaN, infinite or far outside of the picture is a matter of drawing.
 */
export function markFault(mark: unknown): string | undefined {
  try {
    return faultOf(mark);
  } catch {
    return 'cannot be read';
  }
}

function faultOf(mark: unknown): string | undefined {
  if (!isObject(mark)) return `is ${nameOf(mark)}, no object`;
  const { kind, color, label } = mark;
  if (color !== undefined && (typeof color !== 'string' || parseColor(color) === undefined)) {
    return 'has a `color` that is not #rrggbb';
  }
  if (label !== undefined && typeof label !== 'string') return 'has a `label` that is no text';
  switch (kind) {
    case 'box':
      return isBox(mark['box']) ? undefined : 'has a `box` without space and corners';
    case 'keypoints':
      return pointsFault(mark['points']);
    case 'skeleton':
      return pointsFault(mark['points']) ?? bonesFault(mark['bones']);
    case 'bar':
      if (typeof mark['value'] !== 'number') return 'has a `value` that is no number';
      return isPoint(mark['at']) ? undefined : 'has an `at` that is no point';
    case 'label':
      if (typeof mark['text'] !== 'string') return 'has a `text` that is none';
      return isPoint(mark['at']) ? undefined : 'has an `at` that is no point';
    case 'text':
      return typeof mark['text'] === 'string' ? undefined : 'has a `text` that is none';
    default:
      return 'is of an unknown `kind`';
  }
}

function pointsFault(points: unknown): string | undefined {
  if (!Array.isArray(points)) return 'has no list of `points`';
  if (points.length > MAX_PARTS) return `has ${points.length} points`;
  return points.every(isPoint) ? undefined : 'has a point without space, x and y';
}

function bonesFault(bones: unknown): string | undefined {
  if (!Array.isArray(bones)) return 'has no list of `bones`';
  if (bones.length > MAX_PARTS) return `has ${bones.length} bones`;
  const isBone = (bone: unknown): boolean =>
    Array.isArray(bone) && typeof bone[0] === 'number' && typeof bone[1] === 'number';
  return bones.every(isBone) ? undefined : 'has a bone that is no pair of indices';
}

const isBox = (value: unknown): boolean =>
  isObject(value) &&
  hasSpace(value) &&
  ['x1', 'y1', 'x2', 'y2'].every((side) => typeof value[side] === 'number');

const isPoint = (value: unknown): boolean =>
  isObject(value) &&
  hasSpace(value) &&
  typeof value['x'] === 'number' &&
  typeof value['y'] === 'number';

const hasSpace = ({ space }: Readonly<Record<string, unknown>>): boolean =>
  space === 'px' || space === 'norm';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const nameOf = (value: unknown): string => (value === null ? 'null' : `a ${typeof value}`);
