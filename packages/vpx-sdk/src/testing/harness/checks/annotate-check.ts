import type { AnyModule, Mark, MarkPoint, Observation } from 'visualpath';
import { describeDifference, firstDifference, show } from '../../first-difference.ts';
import { snapshot } from '../../snapshot.ts';
import { skipped, type PluginCheck } from '../plugin-check.ts';

/** How far outside the picture a mark may be, in sizes of the picture: further is a wrong unit. */
const REACH = 2;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is wrong with a mark of each kind. Typed, so that a new kind is not forgotten here. */
const PROBLEMS: {
  readonly [K in Mark['kind']]: (
    mark: Extract<Mark, { kind: K }>,
    size: Size,
  ) => readonly (string | undefined)[];
} = {
  box: ({ box }, size) => [
    pointProblem({ space: box.space, x: box.x1, y: box.y1 }, size),
    pointProblem({ space: box.space, x: box.x2, y: box.y2 }, size),
    box.x1 <= box.x2 && box.y1 <= box.y2 ? undefined : `the corners are exchanged: ${show(box)}`,
  ],
  keypoints: ({ points }, size) => points.map((point) => pointProblem(point, size)),
  skeleton: ({ points, bones }, size) => [
    ...points.map((point) => pointProblem(point, size)),
    ...bones.flat().map((at) => {
      const isPoint = Number.isInteger(at) && at >= 0 && at < points.length;
      return isPoint ? undefined : `a bone leads to point ${at} of ${points.length}`;
    }),
  ],
  bar: ({ at, value }, size) => [
    pointProblem(at, size),
    value >= 0 && value <= 1 ? undefined : `the value ${value} is not from 0 to 1`,
  ],
  label: ({ at, text }, size) => [pointProblem(at, size), textProblem(text)],
  text: ({ text }) => [textProblem(text)],
};

/** What a module has drawn. */
export const ANNOTATE_CHECK: PluginCheck = {
  name: 'annotate',
  title: 'gives marks that can be drawn, and leaves the observation alone',
  async run(subject) {
    const { observations, loans } = await subject.baseline();
    const module = await subject.make();
    let markCount = 0;
    for (const [index, observation] of observations.entries()) {
      if (observation === undefined) continue;
      const before = snapshot(observation);
      const marks = module.annotate(observation);
      markCount += marks.length;
      const problem =
        marks.map((mark) => markProblem(mark, loans[index]!.lent.frame)).find((one) => one) ??
        changeProblem(before, observation);
      if (problem !== undefined) return [`frame ${index} of the sequence: ${problem}`];
    }
    const bare = bareProblem(
      module,
      observations.find((one) => one !== undefined),
    );
    if (bare !== undefined) return [bare];
    return markCount > 0 ? [] : skipped(`it gave no marks in ${observations.length} frames`);
  },
};

function markProblem(mark: Mark, size: Size): string | undefined {
  const { kind, color, label } = mark;
  if (!Object.hasOwn(PROBLEMS, kind)) {
    return `there are no marks of the kind ${show(kind)}; there is ${Object.keys(PROBLEMS).join(', ')}`;
  }
  // The function is that of the kind; the compiler does not see it.
  const problems = PROBLEMS[kind] as (mark: Mark, size: Size) => readonly (string | undefined)[];
  const found =
    problems(mark, size).find((problem) => problem !== undefined) ??
    (color === undefined || /^#[0-9a-f]{6}$/i.test(color)
      ? undefined
      : `the colour ${show(color)} is not like "#ff8800"`) ??
    (label === undefined ? undefined : textProblem(label));
  return found === undefined ? undefined : `in a mark of the kind ${kind}, ${found}`;
}

function pointProblem({ space, x, y }: MarkPoint, size: Size): string | undefined {
  const where = `(${x}, ${y}) in "${space}"`;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return `the point ${where} is not finite`;
  // What comes at run time, the types have not seen.
  if (!['px', 'norm'].includes(space)) return `the space of the point ${where} is unknown`;
  const { width, height } = space === 'px' ? size : { width: 1, height: 1 };
  const isNear = (value: number, extent: number): boolean =>
    value >= -REACH * extent && value <= (1 + REACH) * extent;
  if (isNear(x, width) && isNear(y, height)) return undefined;
  return `the point ${where} is far outside the picture of ${size.width}x${size.height} pixels`;
}

const textProblem = (text: unknown): string | undefined =>
  typeof text === 'string' ? undefined : `the text is ${show(text)}`;

function changeProblem(before: unknown, observation: Observation): string | undefined {
  const difference = firstDifference(before, snapshot(observation));
  return difference && `annotate() changes the observation: ${describeDifference(difference)}`;
}

/** An error policy gives observations with signals alone. */
function bareProblem(module: AnyModule, observation: Observation | undefined): string | undefined {
  if (observation === undefined) return undefined;
  const { source, frameId, tNs, signals } = observation;
  try {
    module.annotate({ source, frameId, tNs, signals, metadata: {} });
    return undefined;
  } catch (error) {
    return `annotate() of an observation without data throws ${show(error)}`;
  }
}
