import { expect, it } from 'vitest';
import { editDistance, nearestNames } from '../../src/plugin/nearest-names.ts';

it.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['abcd', 'abdc', 1],
  ['face.detect', 'facedetect', 1],
])('the distance of %j and %j is %i', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

const NAMES = ['face.detect', 'face.expression', 'body.pose', 'face.detent', 'face.defect'];

it('gives the three nearest, nearest first and by name among equals', () => {
  expect(nearestNames('face.detetc', NAMES)).toEqual(['face.detect', 'face.defect', 'face.detent']);
});

it('gives nothing when nothing is near', () => {
  expect(nearestNames('hand.gesture', NAMES)).toEqual([]);
  expect(nearestNames('', NAMES)).toEqual([]);
  expect(nearestNames('x'.repeat(1e6), NAMES)).toEqual([]);
});

it('does not mind upper and lower case', () => {
  expect(nearestNames('BODY.POSE', NAMES)).toEqual(['body.pose']);
});
