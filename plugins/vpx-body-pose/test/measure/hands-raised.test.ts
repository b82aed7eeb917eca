import { describe, expect, it } from 'vitest';
import { handsRaised } from '../../src/index.ts';
import { bodyOf } from '../support/stick-body.ts';

const LEFT_UP = { leftElbow: [260, 80], leftWrist: [262, 30] } as const;
const RIGHT_UP = { rightElbow: [140, 80], rightWrist: [138, 30] } as const;

describe('handsRaised', () => {
  it.each([
    ['none', {}],
    ['left', LEFT_UP],
    ['right', RIGHT_UP],
    ['both', { ...LEFT_UP, ...RIGHT_UP }],
  ] as const)('tells %s', (side, moved) => {
    expect(handsRaised(bodyOf(moved))).toBe(side);
  });

  it('does not take a hand at the shoulder, nor one that hangs from a raised elbow', () => {
    expect(handsRaised(bodyOf({ leftElbow: [262, 140], leftWrist: [240, 92] }))).toBe('none');
    expect(handsRaised(bodyOf({ leftElbow: [262, 40], leftWrist: [270, 60] }))).toBe('none');
  });

  it('does not take a hand that is not seen, nor a body without shoulders', () => {
    expect(handsRaised(bodyOf(LEFT_UP, ['leftWrist']))).toBe('none');
    expect(handsRaised(bodyOf(LEFT_UP, ['rightShoulder']))).toBe('none');
  });

  it('tells it of somebody whose hips are out of the picture', () => {
    expect(handsRaised(bodyOf(LEFT_UP, ['leftHip', 'rightHip']))).toBe('left');
  });
});
