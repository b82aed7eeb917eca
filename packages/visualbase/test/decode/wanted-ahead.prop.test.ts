import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleGrid } from '../../src/decode/sample-grid.ts';
import { WantedAhead } from '../../src/decode/wanted-ahead.ts';

interface Packet {
  readonly pts: number;
  readonly dts: number;
}

/** A stream as an encoder with B pictures stores it: shuffled within a few places, dts increasing. */
const stream = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 9 }), late: fc.integer({ min: 0, max: 4 }) }), {
    minLength: 1,
    maxLength: 80,
  })
  .map((pictures) => {
    let time = 0;
    const shown = pictures.map(({ gap }) => (time += gap));
    const stored = shown
      .map((pts, i) => ({ pts, key: i + pictures[i]!.late }))
      .sort((a, b) => a.key - b.key);
    // The latest that decoding times can be: never after a picture that is still to come.
    const packets: Packet[] = [];
    let bound = Infinity;
    for (const { pts } of stored.toReversed()) {
      bound = Math.min(bound - 1, pts);
      packets.unshift({ pts, dts: bound });
    }
    return { shown, packets };
  });

function run(packets: readonly Packet[], judge: (pts: number) => boolean) {
  const out: { readonly packet: Packet; readonly isWanted: boolean }[] = [];
  const ahead = new WantedAhead<Packet>(judge, (packet, isWanted) =>
    out.push({ packet, isWanted }),
  );
  let mostHeld = 0;
  for (const [i, packet] of packets.entries()) {
    ahead.add(packet, packet.pts, packet.dts);
    mostHeld = Math.max(mostHeld, i + 1 - out.length);
  }
  ahead.flush();
  return { out, mostHeld };
}

describe('WantedAhead', () => {
  it('judges pictures in the order in which they are shown, and sends packets as they were stored', () => {
    fc.assert(
      fc.property(stream, ({ shown, packets }) => {
        const judged: number[] = [];
        const { out } = run(packets, (pts) => {
          judged.push(pts);
          return pts % 2 === 0;
        });
        expect(judged).toEqual(shown);
        expect(out.map(({ packet }) => packet)).toEqual(packets);
        for (const { packet, isWanted } of out) expect(isWanted).toBe(packet.pts % 2 === 0);
      }),
    );
  });

  it('agrees with a grid that sees the pictures when they come out', () => {
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: 1000 }), ({ shown, packets }, fps) => {
        const early = new SampleGrid(fps);
        const { out } = run(packets, (pts) => early.take(pts * 1_000_000));
        const late = new SampleGrid(fps);
        const wanted = shown.filter((pts) => late.take(pts * 1_000_000));
        const sent = out.filter(({ isWanted }) => isWanted).map(({ packet }) => packet.pts);
        expect(sent.sort((a, b) => a - b)).toEqual(wanted);
      }),
    );
  });

  it('holds nothing back where pictures are stored as they are shown', () => {
    const packets = Array.from({ length: 50 }, (_, i) => ({ pts: i * 40, dts: i * 40 }));
    expect(run(packets, () => false).mostHeld).toBe(0);
  });

  it.each<[string, readonly (readonly [number | undefined, number | undefined])[]]>([
    [
      'a packet has no time',
      [
        [0, 0],
        [undefined, 1],
        [2, 2],
      ],
    ],
    [
      'a packet is shown before it is decoded',
      [
        [0, 0],
        [1, 5],
        [2, 6],
      ],
    ],
    [
      'a packet is shown before one that was judged',
      [
        [0, 0],
        [9, 9],
        [4, 4],
      ],
    ],
  ])('wants everything from where %s', (_what, times) => {
    const wanted: boolean[] = [];
    const ahead = new WantedAhead<number>(
      () => false,
      (_, isWanted) => wanted.push(isWanted),
    );
    for (const [i, [pts, dts]] of times.entries()) ahead.add(i, pts, dts);
    ahead.flush();
    expect(wanted).toEqual(times.map((_, i) => i > 0 && wanted[i] === true));
    expect(wanted.at(-1)).toBe(true);
  });

  it('wants everything of a stream that would have to be held for ever', () => {
    const sent: boolean[] = [];
    const ahead = new WantedAhead<number>(
      () => false,
      (_, isWanted) => sent.push(isWanted),
    );
    for (let i = 0; i < 300; i++) ahead.add(i, 1000 + i, undefined);
    expect(sent.length).toBe(300);
    expect(sent.every(Boolean)).toBe(true);
  });

  it('hands back what it holds', () => {
    const ahead = new WantedAhead<string>(
      () => true,
      () => undefined,
    );
    ahead.add('key', 3, 0);
    ahead.add('late', 2, 1);
    expect(ahead.clear()).toEqual(['key', 'late']);
    expect(ahead.clear()).toEqual([]);
  });
});
