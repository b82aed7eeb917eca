import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupTails, type JudgedPacket } from '../../src/decode/group-tails.ts';

type Packet = Omit<JudgedPacket<number>, 'item' | 'byteLength'>;

/** Runs packets through; gives the places in the stream of those that were sent and dropped. */
function run(packets: readonly Packet[], end: 'flush' | 'release' | 'clear' = 'flush') {
  const sent: number[] = [];
  const dropped: number[] = [];
  const tails = new GroupTails<number>(
    (item, isWanted) => {
      expect(isWanted).toBe(packets[item]!.isWanted);
      sent.push(item);
    },
    (item) => dropped.push(item),
  );
  packets.forEach((packet, item) => tails.add({ ...packet, item, byteLength: 1 }));
  tails[end]();
  return { sent, dropped };
}

/** Groups as encoders store them: a key picture, then others, some of which are shown before it. */
const stream = fc
  .array(
    fc.record({
      isEntry: fc.boolean(),
      leadingCount: fc.integer({ min: 0, max: 2 }),
      trailing: fc.array(fc.boolean(), { maxLength: 12 }),
      isKeyWanted: fc.boolean(),
      isLeadingWanted: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((groups) => {
    const packets: Packet[] = [];
    let pts = 0;
    for (const { isEntry, leadingCount, trailing, isKeyWanted, isLeadingWanted } of groups) {
      const delay = leadingCount;
      const key = pts + leadingCount;
      packets.push({ pts: key, dts: pts - delay, isWanted: isKeyWanted, isEntry });
      for (let i = 0; i < leadingCount; i++) {
        const at = { pts: pts + i, dts: pts + i - delay + 1 };
        packets.push({ ...at, isWanted: isLeadingWanted, isEntry: false });
      }
      pts = key + 1;
      for (const isWanted of trailing) {
        packets.push({ pts, dts: pts - delay, isWanted, isEntry: false });
        pts += 1;
      }
    }
    // Decoding times never go back.
    let dts = -Infinity;
    return packets.map((packet) => ({ ...packet, dts: (dts = Math.max(dts, packet.dts!)) }));
  });

/** The plain rule: from every point of entry that is one, up to the last wanted picture before the next. */
function needed(packets: readonly Packet[]): readonly number[] {
  const isClosed = (at: number): boolean =>
    packets[at]!.isEntry && packets.slice(at + 1).every(({ pts }) => pts > packets[at]!.pts);
  const needs: number[] = [];
  let from = 0;
  for (let at = 0; at <= packets.length; at++) {
    if (at < packets.length && (at === 0 || !isClosed(at))) continue;
    const group = packets.slice(from, at);
    const last = group.findLastIndex(({ isWanted }) => isWanted);
    for (let i = 0; i <= last; i++) needs.push(from + i);
    from = at;
  }
  return needs;
}

describe('GroupTails', () => {
  it('sends each group up to its last wanted picture, in order, and nothing else', () => {
    fc.assert(
      fc.property(stream, (packets) => {
        const { sent, dropped } = run(packets);
        expect(sent).toEqual(needed(packets));
        expect([...sent, ...dropped].sort((a, b) => a - b)).toEqual(packets.map((_, i) => i));
      }),
    );
  });

  it.each(['release', 'clear'] as const)('hands every packet on once with %s', (end) => {
    fc.assert(
      fc.property(stream, (packets) => {
        const { sent, dropped } = run(packets, end);
        expect([...sent, ...dropped].sort((a, b) => a - b)).toEqual(packets.map((_, i) => i));
      }),
    );
  });

  it('leaves nothing out before a key picture of which others before it are shown later', () => {
    const packet = { isWanted: false, isEntry: false };
    const { sent } = run([
      { ...packet, pts: 0, dts: -2, isEntry: true, isWanted: true },
      { ...packet, pts: 3, dts: -1 },
      { ...packet, pts: 6, dts: 0, isEntry: true },
      { ...packet, pts: 5, dts: 1, isWanted: true },
    ]);
    expect(sent).toEqual([0, 1, 2, 3]);
  });

  it('holds no more than a bounded number', () => {
    const packets = Array.from({ length: 5000 }, (_, i) => {
      return { pts: i, dts: i, isWanted: i === 0, isEntry: i === 0 };
    });
    expect(run(packets, 'clear').sent.length).toBeGreaterThan(3000);
  });
});
