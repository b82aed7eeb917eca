import { describe, expect, it } from 'vitest';
import { defineModule, type Mark, type Observation } from 'visualpath';
import { marksOf } from '../../src/marks/marks-of.ts';

const seen = (source: string): Observation => ({
  source,
  frameId: 4,
  tNs: 0,
  signals: { at: source },
  metadata: {},
});
const speaking = (name: string) =>
  defineModule({
    name,
    process: () => undefined,
    annotate: ({ signals }): Mark[] => [{ kind: 'text', text: String(signals['at']) }],
  });

describe('marksOf', () => {
  it('asks each module about its own observations, in their order', () => {
    const modules = [speaking('a.one'), speaking('b.two'), speaking('c.silent')];
    const marks = marksOf(modules, [seen('b.two'), seen('a.one'), seen('d.stranger')]);
    expect(marks).toEqual([
      { module: 'b.two', marks: [{ kind: 'text', text: 'b.two' }] },
      { module: 'a.one', marks: [{ kind: 'text', text: 'a.one' }] },
    ]);
  });

  it('names the module whose annotate throws', () => {
    const broken = defineModule({
      name: 'x.broken',
      process: () => undefined,
      annotate: (): never => {
        throw new Error('no data');
      },
    });
    expect(() => marksOf([broken], [seen('x.broken')])).toThrow(
      expect.objectContaining({
        code: 'VPX_ANNOTATE_FAILED',
        message: expect.stringContaining('no data') as string,
      }),
    );
  });
});
