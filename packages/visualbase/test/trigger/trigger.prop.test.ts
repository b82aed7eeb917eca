import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Trigger, type TriggerJson } from '../../src/trigger/trigger.ts';

const timeNs = fc.integer({ min: 0, max: 2 ** 50 });
const seconds = fc.double({ min: 0, max: 3600, noNaN: true }).map((sec) => sec + 0);
const common = {
  label: fc.string({ minLength: 1 }),
  score: fc.double({ min: -10, max: 10, noNaN: true }).map((score) => score + 0),
  metadata: fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.oneof(fc.integer(), fc.string(), fc.boolean()),
  ),
  preSec: seconds,
  postSec: seconds,
};
const anyTrigger = fc.oneof(
  fc.record({ eventTimeNs: timeNs, ...common }).map((init) => Trigger.point(init)),
  fc.record({ one: timeNs, other: timeNs, ...common }).map(({ one, other, ...rest }) =>
    Trigger.range({
      startTimeNs: Math.min(one, other),
      endTimeNs: Math.max(one, other),
      ...rest,
    }),
  ),
);

describe('Trigger', () => {
  it('survives JSON and structured cloning', () => {
    fc.assert(
      fc.property(anyTrigger, (trigger) => {
        const overJson = JSON.parse(JSON.stringify(trigger)) as TriggerJson;
        expect(Trigger.fromJSON(overJson)).toEqual(trigger);
        expect(Trigger.fromJSON(structuredClone(trigger.toJSON()))).toEqual(trigger);
      }),
    );
  });

  it('has its event inside its clip', () => {
    fc.assert(
      fc.property(anyTrigger, ({ clipStartNs, startTimeNs, endTimeNs, clipEndNs }) => {
        expect(clipStartNs).toBeGreaterThanOrEqual(0);
        expect(clipStartNs).toBeLessThanOrEqual(startTimeNs);
        expect(clipEndNs).toBeGreaterThanOrEqual(endTimeNs);
      }),
    );
  });
});
