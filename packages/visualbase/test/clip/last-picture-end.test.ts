import { expect, it } from 'vitest';
import { lastPictureEndNs } from '../../src/clip/last-picture-end.ts';

const LAST = { tNs: 1000, frameNs: 40, ownNs: 40, streamEndNs: 5000, nextNs: undefined };

it.each([
  ['with the next picture', { nextNs: 1040 }, 1020, 1040],
  ['with the range before a gap', { nextNs: 3000 }, 2000, 2000],
  ['not before its usual length is over, before a gap', { nextNs: 3000 }, 1010, 1040],
  ['by its own length at the end of the file', { ownNs: 50 }, 2000, 1050],
  ['with the stream, when its packet says later', { ownNs: 70, streamEndNs: 1045 }, 2000, 1045],
  ['by its own length when the stream says nothing', { ownNs: 70, streamEndNs: 0 }, 2000, 1070],
  ['with the range, when it lasts for long', { ownNs: 900 }, 1500, 1500],
  ['by the usual length when nothing is known', { ownNs: 0 }, 2000, 1040],
])('the last picture of a clip ends %s', (_, what, rangeEndNs, endNs) => {
  expect(lastPictureEndNs({ ...LAST, ...what }, rangeEndNs)).toBe(endNs);
});
