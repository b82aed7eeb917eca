import { describe, expect, it } from 'vitest';
import { Trigger } from 'visualbase';
import { jsonValue } from '../../src/cli/json-value.ts';

const written = (value: unknown): unknown => {
  const text = JSON.stringify(jsonValue(value)) as string | undefined;
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
};

describe('jsonValue', () => {
  it.each<[string, unknown, unknown]>([
    ['float32 to seven digits', new Float32Array([0.1, 1e-9, -2.5]), [0.1, 1e-9, -2.5]],
    ['bytes', new Uint8Array([1, 255]), [1, 255]],
    ['big integers', new BigInt64Array([5n]), ['5']],
    ['what is no number', [NaN, Infinity, 1], [null, null, 1]],
    ['maps by name', new Map([['a', new Set([1])]]), { a: [1] }],
    ['maps by number', new Map([[1, 'a']]), [[1, 'a']]],
    ['dates', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['nothing', { a: undefined, b: null, c: () => 1 }, { b: null }],
  ])('writes %s', (_what, value, json) => expect(written(value)).toEqual(json));

  it('writes triggers', () => {
    const trigger = Trigger.point({ eventTimeNs: 5, preSec: 1, postSec: 2, label: 'x', score: 1 });
    expect(written({ trigger })).toMatchObject({ trigger: { label: 'x', score: 1 } });
  });

  it('ends where data goes in circles, or is too deep', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle['self'] = circle;
    expect(written({ circle, twice: [circle, circle] })).toMatchObject({
      circle: { a: 1, self: '[circular]' },
    });
    let deep: unknown = 1;
    for (let i = 0; i < 10_000; i++) deep = [deep];
    expect(JSON.stringify(jsonValue(deep))).toContain('[too deep]');
  });
});
