import { describe, expect, it } from 'vitest';
import { TurnGate, type TurnEvent } from '../../src/highlight/turn-gate.ts';

function feed(stretches: readonly (readonly [number, number])[], fps = 10): TurnEvent[] {
  const gate = new TurnGate();
  const events: TurnEvent[] = [];
  let frame = 0;
  for (const [sec, yawDeg] of stretches) {
    for (let i = 0; i < sec * fps; i++, frame++) {
      const event = gate.update(yawDeg, Math.round((frame * 1e9) / fps));
      if (event !== undefined) events.push(event);
    }
  }
  return events;
}

describe('TurnGate', () => {
  it.each([[-1], [1]])('opens when a head turns to the camera and stays (side %i)', (side) => {
    const events = feed([
      [1, 40 * side],
      [0.3, 20 * side],
      [1, 5 * side],
    ]);
    expect(events).toEqual([{ startNs: 1_300_000_000, fromDeg: 40 }]);
  });

  it.each([
    ['a head that faces the camera all the time', [[10, 5]]],
    ['a head that stays away', [[10, 40]]],
    [
      'a glance past the camera',
      [
        [1, 40],
        [0.2, 5],
        [1, -40],
      ],
    ],
    [
      'a jerk of the head too short to be away',
      [
        [1, 0],
        [0.2, 40],
        [2, 0],
      ],
    ],
    [
      'a turn that takes too long',
      [
        [1, 40],
        [3, 20],
        [2, 0],
      ],
    ],
  ] as const)('stays shut for %s', (_what, stretches) => {
    expect(feed(stretches)).toEqual([]);
  });

  it('opens once for each turn', () => {
    expect(
      feed([
        [1, 40],
        [2, 0],
        [1, -50],
        [2, 0],
      ]),
    ).toHaveLength(2);
  });
});
