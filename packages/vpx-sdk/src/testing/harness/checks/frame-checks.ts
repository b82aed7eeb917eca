import { describeDifference, firstDifference } from '../../first-difference.ts';
import { snapshot } from '../../snapshot.ts';
import type { CheckFinding, PluginCheck } from '../plugin-check.ts';
import { asSeen, frameDifference, type Loan, type TestSubject } from '../test-subject.ts';
import { comparable, describeIn } from './comparable.ts';

/** Frames and observations are lent. */
export const FRAME_CHECKS: readonly PluginCheck[] = [
  { name: 'frames-borrowed', title: 'keeps no frame after process()', run: checkBorrowed },
  {
    name: 'frames-unchanged',
    title: 'does not write to frames or to what others have seen',
    async run(subject) {
      const { loans } = await subject.baseline();
      const pixels = loans
        .map(({ lent }) => lent.findChange())
        .find((found) => found !== undefined);
      if (pixels !== undefined) return [pixels];
      for (const [index, { deps }] of loans.entries()) {
        const difference = firstDifference(
          snapshot((await subject.lend(index)).deps),
          snapshot(deps),
        );
        if (difference === undefined) continue;
        const what = `of what others have seen in frame ${index} of the sequence`;
        return [`${what}, ${describeDifference(difference)} afterwards`];
      }
      return [];
    },
  },
];

async function checkBorrowed(subject: TestSubject): Promise<CheckFinding> {
  const baseline = await comparable(subject);
  const { observations, loans } = await subject.baseline();
  for (const [index, loan] of loans.entries()) {
    const place = findView(observations[index], loan, 'the observation', new Set());
    if (place !== undefined) {
      return [
        `${place} of frame ${index} of the sequence is a view of the frame's pixels; copy them`,
      ];
    }
  }
  const lent = await subject.lendAll();
  const module = await subject.make();
  const seen: unknown[] = [];
  try {
    await subject.initialize(module);
    for (const loan of lent) {
      seen.push(asSeen(await subject.process(module, loan)));
      loan.lent.takeBack();
    }
  } finally {
    await subject.cleanup(module);
  }
  const held = lent.filter((loan) => !loan.lent.frame.isReleased);
  if (held.length > 0) {
    const which = held.map((loan) => loan.lent.frame.frameId).join(', ');
    return [`after cleanup() it still holds frame ${which}; release() each that it has retained`];
  }
  if ('skipped' in baseline) return [];
  const difference = frameDifference(baseline.seen, seen);
  if (difference === undefined) return [];
  return [
    `when each frame is taken back after process(), ${describeIn(difference)}; it looks at pixels that it has given back`,
  ];
}

/** Finds a typed array that looks at the pixels of the frame. */
function findView(value: unknown, loan: Loan, path: string, seen: Set<object>): string | undefined {
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return loan.lent.holds(value) ? path : undefined;
  const fields =
    value instanceof Map || value instanceof Set
      ? [...value].flat().entries()
      : Object.entries(value);
  for (const [name, field] of fields) {
    const found = findView(field, loan, `${path}.${name}`, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}
