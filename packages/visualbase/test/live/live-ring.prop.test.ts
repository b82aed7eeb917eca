import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateLiveRing, LiveRingReader, LiveRingWriter } from '../../src/live/live-ring.ts';

const SLOTS = 4;

function fixture() {
  const memory = allocateLiveRing(SLOTS, 64);
  const writer = new LiveRingWriter(memory);
  const reader = new LiveRingReader(memory);
  let next = 0;
  const put = (overflow: 'dropOldest' | 'latest'): void => {
    const slot = writer.claim(overflow);
    const frameId = next++;
    if (slot !== undefined) writer.publish(slot, frameId * 10, frameId, 0);
  };
  return { writer, reader, put };
}

describe('a live ring', () => {
  it.each(['dropOldest', 'latest'] as const)(
    'gives frames in order with %s, and counts every one that it does not give',
    (overflow) => {
      const steps = fc.array(fc.constantFrom('put', 'take', 'release'), { maxLength: 200 });
      fc.assert(
        fc.property(steps, (actions) => {
          const { writer, reader, put } = fixture();
          const held: number[] = [];
          const seen: number[] = [];
          let putCount = 0;
          for (const action of actions) {
            if (action === 'put') {
              put(overflow);
              putCount += 1;
            } else if (action === 'take') {
              const taken = reader.take(overflow);
              if (taken !== undefined) {
                held.push(taken.slot);
                seen.push(taken.frameId);
              }
            } else {
              const slot = held.shift();
              if (slot !== undefined) reader.release(slot);
            }
          }
          while (held.length > 0) reader.release(held.shift()!);
          for (let left = reader.take(overflow); left !== undefined; left = reader.take(overflow)) {
            seen.push(left.frameId);
            reader.release(left.slot);
          }
          expect(seen).toEqual(seen.toSorted((a, b) => a - b));
          expect(seen.length + writer.droppedCount).toBe(putCount);
        }),
      );
    },
  );

  it('keeps the newest when nobody reads', () => {
    const { reader, put } = fixture();
    for (let i = 0; i < 10; i++) put('dropOldest');
    const kept = [0, 1, 2, 3].map(() => reader.take('dropOldest')?.frameId);
    expect(kept).toEqual([6, 7, 8, 9]);
  });

  it('gives only the newest to a reader that wants the latest', () => {
    const { reader, put } = fixture();
    for (let i = 0; i < 3; i++) put('latest');
    expect(reader.take('latest')?.frameId).toBe(2);
    expect(reader.take('latest')).toBeUndefined();
  });

  it('never takes a frame away from who holds it', () => {
    const { reader, writer, put } = fixture();
    for (let i = 0; i < SLOTS; i++) put('dropOldest');
    const held = [0, 1, 2, 3].map(() => reader.take('dropOldest')!);
    put('dropOldest');
    expect(reader.take('dropOldest')).toBeUndefined();
    expect(writer.droppedCount).toBe(1);
    reader.release(held[0]!.slot);
    put('dropOldest');
    expect(reader.take('dropOldest')?.frameId).toBe(5);
  });

  it('gives no older frame after a newer one, whatever happens between looking and taking', () => {
    const memory = allocateLiveRing(2, 64);
    const writer = new LiveRingWriter(memory);
    let next = 0;
    const put = (): void => {
      writer.publish(writer.claim('dropOldest')!, next, next, 0);
      next += 1;
    };
    /** Lets the live thread be quick in the middle of a read, once. */
    class SlowReader extends LiveRingReader {
      isInterrupted = false;
      protected override change(slot: number, from: number, to: number): boolean {
        if (this.isInterrupted) {
          this.isInterrupted = false;
          put();
        }
        return super.change(slot, from, to);
      }
    }
    const reader = new SlowReader(memory);
    put();
    put();
    reader.isInterrupted = true;
    const ids = [reader.take('dropOldest')?.frameId, reader.take('dropOldest')?.frameId];
    expect(ids).toEqual([1, 2]);
  });

  it('asks for a message only while every slot is in use', () => {
    const { reader, writer, put } = fixture();
    expect(writer.requestRoom()).toBe(false);
    for (let i = 0; i < SLOTS; i++) put('dropOldest');
    expect(writer.requestRoom()).toBe(true);
    const taken = reader.take('wait')!;
    expect(reader.release(taken.slot)).toBe(true);
    expect(writer.requestRoom()).toBe(false);
  });
});
