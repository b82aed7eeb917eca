import { describe, expect, it } from 'vitest';
import { Trigger, type TriggerJson } from '../../src/trigger/trigger.ts';

const POINT = { eventTimeNs: 5_000_000_000, preSec: 2, postSec: 1.5, label: 'smile' };
const RANGE = { startTimeNs: 1_000_000_000, endTimeNs: 3_000_000_000, label: 'wave' };

describe('Trigger', () => {
  it('spans its clip around a point', () => {
    const trigger = Trigger.point(POINT);
    expect(trigger).toMatchObject({ kind: 'point', eventTimeNs: 5_000_000_000, score: 0 });
    expect([trigger.clipStartNs, trigger.clipEndNs]).toEqual([3_000_000_000, 6_500_000_000]);
  });

  it('spans its clip around a range, widened by preSec and postSec', () => {
    const trigger = Trigger.range({ ...RANGE, preSec: 0.5, postSec: 1 });
    expect(trigger.kind).toBe('range');
    expect([trigger.clipStartNs, trigger.clipEndNs]).toEqual([500_000_000, 4_000_000_000]);
    expect(Trigger.range(RANGE).clipStartNs).toBe(1_000_000_000);
  });

  it('does not begin its clip before the stream', () => {
    expect(Trigger.point({ ...POINT, eventTimeNs: 1_000_000_000 }).clipStartNs).toBe(0);
  });

  it('cannot be changed, nor through the metadata that it was given', () => {
    const metadata: Record<string, unknown> = { person: 3 };
    const trigger = Trigger.point({ ...POINT, metadata });
    metadata['person'] = 4;
    expect(trigger.metadata).toEqual({ person: 3 });
    expect(Object.isFrozen(trigger)).toBe(true);
    expect(Object.isFrozen(trigger.metadata)).toBe(true);
  });

  it.each([
    [{ eventTimeNs: -1 }, RangeError, /eventTimeNs.*-1/],
    [{ eventTimeNs: 0.5 }, RangeError, /eventTimeNs.*0\.5/],
    [{ eventTimeNs: Number.NaN }, RangeError, /eventTimeNs.*NaN/],
    [{ preSec: -0.1 }, RangeError, /preSec.*-0\.1/],
    [{ postSec: Infinity }, RangeError, /postSec.*Infinity/],
    [{ label: '' }, TypeError, /label/],
    [{ score: Number.NaN }, RangeError, /score.*NaN/],
  ])('refuses a point with %o', (wrong, type, message) => {
    const make = () => Trigger.point({ ...POINT, ...wrong });
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });

  it('refuses a range that ends before it starts', () => {
    expect(() => Trigger.range({ ...RANGE, endTimeNs: 999_999_999 })).toThrow(
      /endTimeNs \(999999999\).*startTimeNs \(1000000000\)/,
    );
  });

  it.each([
    [{ kind: 'blob' }, /kind.*"blob"/],
    [{ kind: 'point' }, /one time/],
    [{ metadata: null }, /metadata.*null/],
    [{ startTimeNs: 'soon' }, /startTimeNs.*soon/],
  ])('refuses data from outside with %o', (wrong, message) => {
    const json = { ...Trigger.range(RANGE).toJSON(), ...wrong } as TriggerJson;
    expect(() => Trigger.fromJSON(json)).toThrow(message);
  });
});
