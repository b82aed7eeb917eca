import { describe, expect, it } from 'vitest';
import type { Face, FaceExpressionData, Observation, ObservationInit } from 'vpx-sdk';
import { marksOfExpression } from '../src/expression-marks.ts';
import { ExpressionAnalyzer } from '../src/index.ts';
import { ctx, detected, face, frameAt, meshWith, REST, SMILE } from './support/faces.ts';

type Result = ObservationInit<FaceExpressionData> | undefined;

const open = (smoothingSec = 0) => new ExpressionAnalyzer({ emotions: false, smoothingSec });

const express = (faces: readonly Face[], analyzer = open(), sec = 0): Result =>
  analyzer.process(frameAt(sec), detected(faces), ctx) as Result;

describe('ExpressionAnalyzer without the emotion model', () => {
  it('tells a smile from a face at rest', () => {
    expect(express([face(1, meshWith(REST))])?.signals).toMatchObject({
      happy: expect.closeTo(0, 1) as number,
      smile: expect.closeTo(0, 1) as number,
    });
    expect(express([face(1, meshWith(SMILE))])?.signals?.['smile']).toBeGreaterThan(0.9);
    expect(express([face(1, meshWith(SMILE))])?.signals?.['happy']).toBeGreaterThan(0.9);
  });

  it('measures an open mouth, and each eye', () => {
    const shape = { ...REST, gap: 30, rightLids: 2, leftLids: 10 };
    const { signals, data } = express([face(1, meshWith(shape))])!;
    expect(signals?.['mouth_opening']).toBeCloseTo(0.3);
    expect(signals?.['eye_opening']).toBeCloseTo(6 / 30);
    const [expression] = data!.expressions;
    expect(expression?.rightEyeOpening).toBeCloseTo(2 / 30);
    expect(expression?.leftEyeOpening).toBeCloseTo(10 / 30);
  });

  it('says nothing of emotions', () => {
    const { signals, data } = express([face(1, meshWith(SMILE))])!;
    expect(Object.keys(signals!).filter((name) => name.startsWith('emotion'))).toEqual([]);
    expect(data!.expressions[0]).not.toHaveProperty('emotions');
    expect(data!.expressions[0]).not.toHaveProperty('emotion');
  });

  it('signals only what the main face shows', () => {
    const smiling = face(7, meshWith(SMILE));
    const { data, signals } = express([face(3, meshWith(REST)), smiling])!;
    expect(data?.expressions.map(({ trackId }) => trackId)).toEqual([3, 7]);
    expect(signals?.['smile']).toBe(data?.expressions[0]!.smile);
    // Another's smile must never pass for the main face's.
    const others = express([face(3), smiling])!;
    expect(others.signals).toEqual({});
    expect(others.data?.expressions.map(({ trackId }) => trackId)).toEqual([7]);
    expect(express([face(3)])).toBeUndefined();
    expect(express([])).toBeUndefined();
  });

  it('remembers by track id, whatever the order of the faces', () => {
    const analyzer = open(1);
    const [calm, merry] = [face(3, meshWith(REST)), face(7, meshWith(SMILE))];
    for (let i = 0; i < 20; i++) {
      const faces = i % 2 === 0 ? [calm, merry] : [merry, calm];
      const { expressions } = express(faces, analyzer, i / 10)!.data!;
      const happy = new Map(expressions.map((one) => [one.trackId, one.happy]));
      expect(happy.get(3)).toBeLessThan(0.05);
      expect(happy.get(7)).toBeGreaterThan(0.95);
    }
  });

  it('calls raised brows over an open mouth surprise, and each alone not', () => {
    const after = (shape: Partial<typeof SMILE> & { brows?: number; gap?: number }) => {
      const analyzer = open();
      for (let i = 0; i < 10; i++) express([face(1, meshWith(REST))], analyzer, i / 10);
      return express([face(1, meshWith({ ...REST, ...shape }))], analyzer, 1)!.signals!;
    };
    expect(after({ brows: 29, gap: 14 })).toMatchObject({ surprise: 1, brow_raise: 1 });
    expect(after({ brows: 29 })['surprise']).toBe(0);
    expect(after({ gap: 14 })['surprise']).toBe(0);
  });

  it('gives the same after reset() as at first', () => {
    const analyzer = open(0.5);
    const run = () =>
      [REST, SMILE, SMILE, REST].map((shape, i) =>
        express([face(1, meshWith(shape))], analyzer, i),
      );
    const first = run();
    analyzer.reset();
    expect(run()).toEqual(first);
  });

  it('draws each face where it is', () => {
    const analyzer = open();
    const there = { space: 'px', x1: 200, y1: 50, x2: 300, y2: 150 } as const;
    const { data } = express([face(1, meshWith(SMILE)), face(2, meshWith(REST), there)], analyzer)!;
    const marks = analyzer.annotate({ data } as Observation<FaceExpressionData>);
    const below = (x: number, y: number, label: string, value: unknown) => ({
      ...{ kind: 'bar', at: { space: 'px', x, y }, label, value },
    });
    expect(marks).toEqual([
      below(0, 100, 'happy', expect.closeTo(0.95, 2)),
      below(0, 100, 'surprise', 0),
      below(200, 150, 'happy', expect.closeTo(0.02, 2)),
      below(200, 150, 'surprise', 0),
    ]);
    expect(analyzer.annotate({} as Observation<FaceExpressionData>)).toEqual([]);
  });
});

describe('marksOfExpression', () => {
  it('names what small faces show, where it is clear', () => {
    const marksOf = (happy: number, widthPx: number) => {
      const box = { space: 'px', x1: 0, y1: 0, x2: widthPx, y2: widthPx } as const;
      return marksOfExpression({ trackId: 1, box, happy, surprise: 0.2 });
    };
    const at = { space: 'px', x: 0, y: 20 } as const;
    expect(marksOf(0.9, 20)).toEqual([{ kind: 'label', at, text: 'happy' }]);
    expect(marksOf(0.1, 20)).toEqual([]);
    expect(marksOf(0.1, 60).map(({ kind }) => kind)).toEqual(['bar', 'bar']);
  });
});

describe('the options of ExpressionAnalyzer', () => {
  it.each([
    [{ smoothingSec: -1 }, RangeError, /`smoothingSec`.*-1/],
    [{ smoothingSec: NaN }, RangeError, /`smoothingSec`.*NaN/],
    [{ emotions: 'no' as never }, TypeError, /`emotions`.*no/],
  ])('refuses %o', (options, kind, message) => {
    expect(() => new ExpressionAnalyzer(options)).toThrow(kind);
    expect(() => new ExpressionAnalyzer(options)).toThrow(message);
  });

  it('wants initialize() before the model is asked', () => {
    const analyzer = new ExpressionAnalyzer();
    expect(() => analyzer.process(frameAt(0), detected([]), ctx)).toThrow(/initialize/);
  });
});
