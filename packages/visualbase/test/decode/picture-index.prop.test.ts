import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PictureIndex } from '../../src/decode/picture-index.ts';

/** Times of pictures as shown, and in the order in which they are stored, a few places off. */
const stored = fc
  .array(
    fc.record({ gap: fc.integer({ min: 1, max: 5 }), early: fc.integer({ min: 0, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((pictures) => {
    let time = -3;
    const shown = pictures.map(({ gap }) => BigInt((time += gap)));
    const order = shown
      .map((pts, i) => ({ pts, key: i - pictures[i]!.early }))
      .sort((a, b) => a.key - b.key)
      .map(({ pts }) => pts);
    return { shown, order };
  });

describe('PictureIndex', () => {
  it('numbers pictures by their place in the source, whichever are asked for', () => {
    fc.assert(
      fc.property(stored, fc.array(fc.boolean()), ({ shown, order }, isAsked) => {
        const index = new PictureIndex();
        let sent = 0;
        for (const [place, pts] of shown.entries()) {
          // As a decoder does: nothing comes out before all that is shown before it went in.
          while (order.slice(sent).some((other) => other <= pts)) index.addPacket(order[sent++]);
          if (isAsked[place] !== false) expect(index.next(pts)).toBe(place);
        }
      }),
    );
  });

  it('counts on where the container stops telling times', () => {
    const index = new PictureIndex();
    index.addPacket(0n);
    index.addPacket(undefined);
    index.addPacket(9n);
    expect([index.next(0n), index.next(undefined), index.next(9n)]).toEqual([0, 1, 2]);
  });

  it('never gives a number twice, also where times repeat', () => {
    const index = new PictureIndex();
    for (const pts of [0n, 1n, 1n, 2n]) index.addPacket(pts);
    expect([0n, 1n, 1n, 2n].map((pts) => index.next(pts))).toEqual([0, 1, 2, 3]);
  });

  it('stays right over more pictures than it keeps in mind', () => {
    const index = new PictureIndex();
    for (let i = 0; i < 5000; i++) {
      index.addPacket(BigInt(i));
      if (i % 3 === 0) expect(index.next(BigInt(i))).toBe(i);
    }
  });
});
