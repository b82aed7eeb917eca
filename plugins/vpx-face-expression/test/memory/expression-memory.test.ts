import { describe, expect, it } from 'vitest';
import { FACE_EMOTIONS, type Emotion } from 'vpx-sdk';
import { dominantEmotion } from '../../src/memory/emotion-label.ts';
import { ExpressionMemory } from '../../src/memory/expression-memory.ts';
import { measureFace } from '../../src/index.ts';
import { meshWith, REST } from '../support/faces.ts';

const SEC = 1e9;

/** Shares of emotions; what is not given is shared out among the others. */
function shares(given: Partial<Record<Emotion, number>>): Record<Emotion, number> {
  const names = FACE_EMOTIONS.filter((name) => given[name] === undefined);
  const rest = 1 - Object.values(given).reduce((sum, share) => sum + share, 0);
  return Object.fromEntries(
    FACE_EMOTIONS.map((name) => [name, given[name] ?? rest / names.length]),
  ) as Record<Emotion, number>;
}

const seen = (emotions: Record<Emotion, number>) => ({
  ...{ emotions, smile: undefined, measures: undefined },
});
const CALM = seen(shares({ neutral: 1 }));
const MERRY = seen(shares({ happy: 1 }));

describe('ExpressionMemory', () => {
  it('takes what it sees first as it is', () => {
    expect(new ExpressionMemory(1).update(1, 0, MERRY)).toMatchObject({
      happy: 1,
      emotion: 'happy',
    });
  });

  it('comes 63 % of the way within the time constant, at any frame rate', () => {
    for (const fps of [5, 30, 120]) {
      const memory = new ExpressionMemory(0.5);
      memory.update(1, 0, CALM);
      let happy = 0;
      for (let i = 1; i <= fps; i++) {
        const tNs = Math.round((i / fps) * SEC);
        ({ happy } = memory.update(1, tNs, MERRY));
        if (tNs === SEC / 2) expect(happy).toBeCloseTo(1 - Math.exp(-1), 6);
      }
      expect(happy).toBeCloseTo(1 - Math.exp(-2), 6);
    }
  });

  it('keeps the shares of the emotions together at 1', () => {
    const memory = new ExpressionMemory(0.3);
    for (let i = 0; i < 30; i++) {
      const { emotions } = memory.update(1, i * 0.04 * SEC, i % 3 === 0 ? MERRY : CALM);
      const sum = Object.values(emotions!).reduce((total, share) => total + share, 0);
      expect(sum).toBeCloseTo(1, 9);
    }
  });

  it('is the mean of model and smile, or the one that is known', () => {
    const happy = (emotions: Record<Emotion, number> | undefined, smile: number | undefined) =>
      new ExpressionMemory(0).update(1, 0, { emotions, smile, measures: undefined }).happy;
    expect(happy(shares({ happy: 0.8 }), 0.2)).toBeCloseTo(0.5);
    expect(happy(shares({ happy: 0.8 }), undefined)).toBeCloseTo(0.8);
    expect(happy(undefined, 0.2)).toBeCloseTo(0.2);
  });

  it('calls a face happy if the smile says so as well, and neutral if it does not', () => {
    const label = (emotions: Record<Emotion, number>, smile: number) =>
      new ExpressionMemory(0).update(1, 0, { emotions, smile, measures: undefined }).emotion;
    expect(label(shares({ happy: 0.7, fear: 0.2 }), 0)).toBe('neutral');
    expect(label(shares({ happy: 0.4, neutral: 0.5 }), 0.8)).toBe('happy');
  });

  it('counts fear as surprise only as far as brows and mouth agree', () => {
    const frightened = shares({ fear: 0.9 });
    const surprise = (brows: number, gap: number) => {
      const memory = new ExpressionMemory(0);
      const show = (tSec: number, shape: object) =>
        memory.update(1, tSec * SEC, {
          ...{ emotions: frightened, smile: 0 },
          measures: measureFace(meshWith({ ...REST, ...shape })),
        });
      show(0, {});
      return show(0.1, { brows, gap }).surprise;
    };
    expect(surprise(29, 14)).toBeGreaterThan(0.9);
    expect(surprise(24, 14)).toBeLessThan(0.5);
    expect(new ExpressionMemory(0).update(1, 0, seen(frightened)).surprise).toBeLessThan(0.1);
  });

  it('begins anew after a gap of more than two seconds, and when time goes back', () => {
    const memory = new ExpressionMemory(10);
    memory.update(1, 5 * SEC, CALM);
    expect(memory.update(1, 7 * SEC, MERRY).happy).toBeLessThan(0.3);
    expect(memory.update(1, 9.5 * SEC, MERRY).happy).toBe(1);
    expect(memory.update(1, 1 * SEC, CALM).happy).toBe(0);
  });

  it('forgets who was not seen for long', () => {
    const memory = new ExpressionMemory(1);
    for (let id = 1; id <= 100; id++) {
      memory.update(id, id * SEC, CALM);
      memory.forget(id * SEC);
      expect(memory.trackCount).toBeLessThanOrEqual(3);
    }
    memory.reset();
    expect(memory.trackCount).toBe(0);
  });

  it('lets brows that stay up become usual slowly, and come down quickly', () => {
    const memory = new ExpressionMemory(0);
    const raise = (tSec: number, brows: number) =>
      memory.update(1, tSec * SEC, {
        ...{ emotions: undefined, smile: 0 },
        measures: measureFace(meshWith({ ...REST, brows })),
      }).browRaise!;
    expect(raise(0, 26)).toBe(0);
    expect(raise(0.5, 29)).toBeGreaterThan(0.7);
    for (let t = 1; t <= 10; t += 0.5) raise(t, 22);
    expect(raise(10.5, 24)).toBeGreaterThan(0.4);
  });
});

describe('dominantEmotion', () => {
  it('stays with the label until another is clearly stronger', () => {
    expect(dominantEmotion(shares({ happy: 0.5, neutral: 0.4 }), undefined)).toBe('happy');
    expect(dominantEmotion(shares({ happy: 0.48, neutral: 0.42 }), 'neutral')).toBe('neutral');
    expect(dominantEmotion(shares({ happy: 0.6, neutral: 0.3 }), 'neutral')).toBe('happy');
  });
});
