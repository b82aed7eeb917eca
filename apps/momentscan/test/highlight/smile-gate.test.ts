import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SmileGate, type SmileEvent } from '../../src/highlight/smile-gate.ts';

/** Feeds a smile curve, given as [seconds, value] stretches, at a rate; gives events with their times. */
function feed(stretches: readonly (readonly [number, number])[], fps = 10, gate = new SmileGate()) {
  const events: { atSec: number; event: SmileEvent }[] = [];
  let frame = 0;
  for (const [sec, value] of stretches) {
    for (let i = 0; i < sec * fps; i++, frame++) {
      const event = gate.update(value, Math.round((frame * 1e9) / fps));
      if (event !== undefined) events.push({ atSec: frame / fps, event });
    }
  }
  return events;
}

describe('SmileGate', () => {
  it('opens once for a smile that rises and holds, and says when it rose', () => {
    const events = feed([
      [5, 0.1],
      [4, 0.95],
      [5, 0.1],
    ]);
    expect(events).toHaveLength(1);
    expect(events[0]!.event.startNs / 1e9).toBeGreaterThanOrEqual(5);
    expect(events[0]!.event.startNs / 1e9).toBeLessThan(5.6);
    expect(events[0]!.event.rise).toBeGreaterThan(0.35);
  });

  it('opens again for the next smile', () => {
    expect(
      feed([
        [3, 0.1],
        [2, 0.95],
        [3, 0.1],
        [2, 0.95],
      ]),
    ).toHaveLength(2);
  });

  it('opens for somebody who smiles from the first frame on', () => {
    expect(feed([[3, 0.95]])).toHaveLength(1);
  });

  it.each([
    [
      'a flash shorter than the hold',
      [
        [3, 0.1],
        [0.3, 0.95],
        [3, 0.1],
      ],
    ],
    ['a face at rest', [[60, 0.3]]],
    [
      'a half smile',
      [
        [5, 0.1],
        [5, 0.6],
        [5, 0.1],
      ],
    ],
    ['no frames', []],
  ] as const)('stays shut for %s', (_what, stretches) => {
    expect(feed(stretches)).toEqual([]);
  });

  it('takes somebody who hardly ever stops smiling for what they are', () => {
    const gate = new SmileGate();
    // It opens once, before this face is known; after four minutes small changes are no smile.
    const changes = [0.7, 0.9, 0.7].map((value) => [2, value] as const);
    expect(feed([[240, 0.75], ...changes], 10, gate)).toHaveLength(1);
    expect(gate.usual).toBeGreaterThan(0.65);
  });

  it('does not open twice when a smile wavers', () => {
    const wavering = Array.from({ length: 20 }, (_, i) => [0.4, i % 2 ? 0.98 : 0.6] as const);
    expect(feed([[3, 0.1], ...wavering])).toHaveLength(1);
  });

  it('finds the same smiles at any frame rate from 5 to 60', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 60 }), (fps) => {
        const events = feed(
          [
            [4, 0.1],
            [3, 0.95],
            [6, 0.1],
            [3, 0.95],
          ],
          fps,
        );
        expect(events).toHaveLength(2);
        expect(Math.abs(events[0]!.event.startNs / 1e9 - 4.3)).toBeLessThan(0.3);
        expect(Math.abs(events[1]!.event.startNs / 1e9 - 13.3)).toBeLessThan(0.3);
      }),
    );
  });
});
