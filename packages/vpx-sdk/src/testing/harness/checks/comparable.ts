import { describeDifference } from '../../first-difference.ts';
import { skipped, type Skipped } from '../plugin-check.ts';
import {
  asSeen,
  frameDifference,
  type Baseline,
  type FrameDifference,
  type Pass,
  type TestSubject,
} from '../test-subject.ts';

/** Says a difference in words, with the frame. */
export const describeIn = (difference: FrameDifference): string =>
  `in frame ${difference.index} of the sequence ${describeDifference(difference)}`;

/** What other passes can be compared with; why not, if the module sees something else each time. */
export async function comparable(subject: TestSubject): Promise<Baseline | Skipped> {
  const baseline = await subject.baseline();
  if (baseline.difference === undefined) return baseline;
  return skipped('two new modules see different things, so that nothing can be compared');
}

/** The same after a `reset()`; why not, if that does not make the module like new. */
export async function comparableAfterReset(subject: TestSubject): Promise<Baseline | Skipped> {
  const baseline = await comparable(subject);
  if ('skipped' in baseline) return baseline;
  if ((await subject.resetDifference()) === undefined) return baseline;
  return skipped('it does not see the same again after reset()');
}

/** The same for calls whose results are looked at only when others have been made. */
export async function comparableLater(subject: TestSubject): Promise<Baseline | Skipped> {
  const baseline = await comparable(subject);
  if ('skipped' in baseline || changeAfterwards(baseline) === undefined) return baseline;
  return skipped('it changes what it has given, so that nothing can be compared later');
}

/** Where an observation is not any more what it was when it was given. */
export const changeAfterwards = ({ seen, observations }: Pass): FrameDifference | undefined =>
  frameDifference(seen, observations.map(asSeen));
