import { describe, expect, it } from 'vitest';
import { reconnectPolicy, retryDelayMs } from '../../src/live/backoff.ts';

describe('back-off', () => {
  it('doubles the pause with each attempt, up to the longest', () => {
    const policy = reconnectPolicy({ initialDelayMs: 100, maxDelayMs: 1000 });
    const delays = [1, 2, 3, 4, 5, 60].map((attempt) => retryDelayMs(policy, attempt, 0));
    expect(delays).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('leaves up to a quarter of the pause to chance', () => {
    expect(retryDelayMs(reconnectPolicy({ initialDelayMs: 100 }), 1, 1)).toBe(75);
  });

  it('makes no attempt where none is wanted', () => {
    expect(reconnectPolicy(false).maxAttempts).toBe(0);
  });

  it.each([
    { maxAttempts: -1 },
    { maxAttempts: 1.5 },
    { initialDelayMs: -1 },
    { initialDelayMs: 5000, maxDelayMs: 100 },
    { initialDelayMs: Number.NaN },
  ])('refuses %j', (options) => {
    expect(() => reconnectPolicy(options)).toThrow(RangeError);
  });
});
