import { describe, expect, it } from 'vitest';
import { BlinkMemory } from '../../src/eyes/blink-memory.ts';
import { CLOSE_LOOK, EyeMemory } from '../../src/eyes/eye-memory.ts';

const MS = 1e6;

/** Looks at an eye every 40 ms. */
function look(memory: EyeMemory, openings: readonly number[], fromMs = 0): boolean[] {
  return openings.map((opening, i) => memory.update(opening, (fromMs + i * 40) * MS));
}
const times = (count: number, value: number): number[] => Array<number>(count).fill(value);

describe('EyeMemory', () => {
  it('sees an eye close and open again, with hysteresis', () => {
    const memory = new EyeMemory(CLOSE_LOOK);
    look(memory, times(50, 0.3));
    expect(look(memory, [0.2, 0.16, 0.1, 0.16, 0.17, 0.2, 0.3], 2000)).toEqual([
      ...[false, false, true, true, true],
      ...[false, false],
    ]);
  });

  it('learns that narrow eyes are open', () => {
    const memory = new EyeMemory(CLOSE_LOOK);
    const seen = look(memory, times(500, 0.14));
    expect(seen.every((isClosed) => !isClosed)).toBe(true);
    expect(look(memory, [0.08, 0.05], 20_000)).toEqual([false, true]);
  });

  it('goes by the eye of this person', () => {
    const wide = new EyeMemory(CLOSE_LOOK);
    look(wide, times(50, 0.45));
    expect(look(wide, [0.2], 2000)).toEqual([true]);
  });

  it('takes eyes that are closed from the start for closed', () => {
    expect(look(new EyeMemory(CLOSE_LOOK), times(3, 0.05))).toEqual([true, true, true]);
  });
});

describe('BlinkMemory', () => {
  const blink = (memory: BlinkMemory, closed: readonly (readonly [ms: number, is: boolean])[]) =>
    closed.map(([ms, is]) => memory.update(is, ms * MS));

  it('counts a short closure when it ends', () => {
    const states = blink(new BlinkMemory(), [
      [0, false],
      [40, true],
      [120, true],
      [160, false],
    ]);
    expect(states.map(({ isBlinking }) => isBlinking)).toEqual([false, true, true, false]);
    expect(states.map(({ blinkCount }) => blinkCount)).toEqual([0, 0, 0, 1]);
  });

  it('does not take sleep for a blink', () => {
    const memory = new BlinkMemory();
    memory.update(false, 0);
    for (let ms = 40; ms <= 2000; ms += 40) memory.update(true, ms * MS);
    expect(memory.update(true, 2040 * MS).isBlinking).toBe(false);
    expect(memory.update(false, 2080 * MS)).toEqual({ isBlinking: false, blinkCount: 0 });
  });

  it('knows nothing of eyes that were closed when first seen, or before a gap', () => {
    const memory = new BlinkMemory();
    expect(memory.update(true, 0).isBlinking).toBe(false);
    expect(memory.update(false, 40 * MS).blinkCount).toBe(0);
    memory.update(true, 80 * MS);
    expect(memory.update(false, 900 * MS).blinkCount).toBe(0);
  });
});
