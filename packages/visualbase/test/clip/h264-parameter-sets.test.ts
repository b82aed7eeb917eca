import { describe, expect, it } from 'vitest';
import {
  beginsRefresh,
  freeSetId,
  h264LayoutOf,
  isIdr,
  joinExtradata,
  readParameterSets,
  relayPacket,
  splitByLengths,
  splitByStartCodes,
} from '../../src/clip/h264-parameter-sets.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
// A sequence set of high profile, level 3.0 (1e), with number 0; a picture set with number 0.
const SPS = '6764001eacb4';
const PPS = '68ee3cb0';
// The same with number 1 (the bits 010), level 4.0.
const OTHER_SPS = '6764002856aa';
const OTHER_PPS = '684ef2c0';
const RECORD = bytes(`01 64001e ff e1 0006 ${SPS} 01 0004 ${PPS} fdf8f800`);
const PLAIN = bytes(`00000001 ${SPS} 000001 ${PPS}`);
const OTHER = bytes(`00000001 ${OTHER_SPS} 00000001 ${OTHER_PPS}`);
const hex = (units: readonly Uint8Array[]): string[] =>
  units.map((unit) => Buffer.from(unit).toString('hex'));

describe('h264LayoutOf', () => {
  it('tells records from start codes, and neither from both', () => {
    expect(h264LayoutOf(RECORD)).toEqual({ kind: 'lengths', lengthBytes: 4 });
    expect(h264LayoutOf(PLAIN)).toEqual({ kind: 'start-codes' });
    const short = Buffer.from(RECORD);
    short[4] = 0xfd;
    expect(h264LayoutOf(short)).toEqual({ kind: 'lengths', lengthBytes: 2 });
    for (const none of [null, bytes(''), bytes('01640a'), bytes('02030405060708')]) {
      expect(h264LayoutOf(none)).toBeUndefined();
    }
  });
});

describe('units', () => {
  it('are found between start codes of three and four bytes', () => {
    expect(hex(splitByStartCodes(PLAIN))).toEqual([SPS, PPS]);
    expect(hex(splitByStartCodes(bytes('000001 6501 0000 0001 4102 00')))).toEqual([
      '6501',
      '4102',
    ]);
    expect(splitByStartCodes(bytes('65010203'))).toEqual([]);
  });

  it('are found by their lengths, which must not lead beyond the end', () => {
    expect(hex(splitByLengths(bytes('0002 6501 0001 41'), 2))).toEqual(['6501', '41']);
    expect(() => splitByLengths(bytes('0005 6501'), 2)).toThrow(/5 bytes.*4/);
    expect(() => splitByLengths(bytes('00000001'), 2)).toThrow(RangeError);
  });

  it('go from start codes to lengths and back unchanged', () => {
    const laid = relayPacket(PLAIN, { kind: 'lengths', lengthBytes: 4 });
    expect(Buffer.from(laid)).toEqual(bytes(`00000006 ${SPS} 00000004 ${PPS}`));
    expect(hex(splitByLengths(laid, 4))).toEqual([SPS, PPS]);
    expect(relayPacket(PLAIN, { kind: 'start-codes' })).toBe(PLAIN);
  });

  it('must fit into their lengths', () => {
    const long = Buffer.concat([bytes('000001 65'), Buffer.alloc(300, 1)]);
    expect(() => relayPacket(long, { kind: 'lengths', lengthBytes: 1 })).toThrow(/301 bytes/);
  });
});

describe('a key frame', () => {
  const layout = { kind: 'start-codes' } as const;
  it('is one before which all is forgotten when it holds an IDR slice', () => {
    expect(isIdr(bytes('000001 0605 000001 6588'), layout)).toBe(true);
    expect(isIdr(bytes('000001 4188'), layout)).toBe(false);
    expect(isIdr(bytes('ffffffff 65'), { kind: 'lengths', lengthBytes: 4 })).toBe(false);
  });

  it('begins a refresh when its recovery point is pictures away', () => {
    // Type 6, two bytes: the count 21 is 000010110.
    expect(beginsRefresh(bytes('000001 06 06 02 0b44 80 000001 4188'), layout)).toBe(true);
    // Another message (type 5, three bytes) before it.
    expect(beginsRefresh(bytes('000001 06 05 03 aabbcc 06 02 0b44 80'), layout)).toBe(true);
    // The count 0 is the bit 1: an open group.
    expect(beginsRefresh(bytes('000001 06 06 01 c4 80 000001 4188'), layout)).toBe(false);
    expect(beginsRefresh(bytes('000001 6588'), layout)).toBe(false);
    expect(beginsRefresh(bytes('ff'), { kind: 'lengths', lengthBytes: 4 })).toBe(false);
  });
});

describe('parameter sets', () => {
  it.each([
    ['a record', RECORD],
    ['start codes', PLAIN],
  ])('are read out of %s', (_, extradata) => {
    const { sequence, picture } = readParameterSets(extradata);
    expect([hex(sequence), hex(picture)]).toEqual([[SPS], [PPS]]);
  });

  it('have numbers, of which the first that none has is free', () => {
    expect(freeSetId(readParameterSets(RECORD))).toBe(1);
    expect(freeSetId(readParameterSets(OTHER))).toBe(2);
    // Sixth-bit prefix 00001 and up: 32 numbers at most.
    const taken = Array.from({ length: 31 }, (_, i) => {
      const bits = (i + 2).toString(2);
      const coded = '0'.repeat(bits.length - 1) + bits;
      return Buffer.of(
        0x68,
        ...Buffer.from([parseInt(coded.padEnd(16, '0').slice(0, 8), 2)]),
        parseInt(coded.padEnd(16, '0').slice(8), 2),
      );
    });
    expect(freeSetId({ sequence: [], picture: taken })).toBeUndefined();
  });

  it('of two encoders stand side by side, stored like those of the first', () => {
    const record = joinExtradata(RECORD, OTHER);
    const { sequence, picture } = readParameterSets(record);
    expect(hex(sequence)).toEqual([SPS, OTHER_SPS]);
    expect(hex(picture)).toEqual([PPS, OTHER_PPS]);
    expect(record[3]).toBe(0x28);
    expect(record.subarray(-4)).toEqual(bytes('fdf8f800'));
    expect(h264LayoutOf(record)).toEqual({ kind: 'lengths', lengthBytes: 4 });
    expect(hex(splitByStartCodes(joinExtradata(PLAIN, OTHER)))).toEqual([
      ...[SPS, PPS, OTHER_SPS, OTHER_PPS],
    ]);
  });

  it('are refused when the record is cut off, or too many', () => {
    expect(() => readParameterSets(RECORD.subarray(0, 12))).toThrow(/does not fit/);
    const many = Buffer.concat(Array.from({ length: 31 }, () => OTHER));
    expect(() => joinExtradata(RECORD, many)).toThrow(/32 and 32/);
  });
});
