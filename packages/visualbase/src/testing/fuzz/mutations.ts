import type { Random } from './random.ts';

/** A way to damage a file. Gets bytes that it may change, and those of another file. */
type Mutation = (bytes: Buffer, random: Random, donor: Buffer) => Buffer;

/** What fields of headers are set to: the ends of every integer type, and sizes that ask for much memory. */
const EXTREMES = [
  0n,
  1n,
  2n,
  3n,
  16n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  16_384n,
  0x10_0000n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fffen,
  0xffff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
];
const HEADER_BYTES = 1024;

const TAGS: readonly Buffer[] = [
  ...'ftyp moov mvhd trak tkhd edts elst mdia mdhd hdlr minf dinf stbl stsd avc1 avcC hvc1 hvcC hev1'.split(
    ' ',
  ),
  ...'vp09 vpcC av01 av1C mp4a esds jpeg stts ctts stss stsc stsz stco co64 sgpd sbgp udta meta'.split(
    ' ',
  ),
  ...'RIFF AVI LIST hdrl avih strl strh strf movi idx1 JUNK GIF8 FLV onMetaData'.split(' '),
]
  .map((text) => Buffer.from(text, 'latin1'))
  .concat(
    [
      ...['1a45dfa3', '18538067', '114d9b74', '1549a966', '1654ae6b', 'ae', 'e0', 'b0', 'ba'],
      ...['23e383', '63a2', '1f43b675', 'a3', 'a0', '1c53bb6b', '2ad7b1', '4489'],
      ...['000001b3', '000001b5', '000001ba', '00000100', '00000167', '00000168', '000001b6'],
      ...['ffd8', 'ffc0', 'ffda', 'ffdb', 'ffc4', '21f9', '2c00'],
    ].map((hex) => Buffer.from(hex, 'hex')),
  );

const MUTATIONS = {
  truncate: (bytes, random) => bytes.subarray(0, random.below(bytes.length)),

  'flip-bits': (bytes, random) => {
    for (let left = random.size(64); left > 0; left--) {
      bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
    }
    return bytes;
  },

  'overwrite-run': (bytes, random) => {
    const from = random.below(bytes.length);
    const to = Math.min(bytes.length, from + random.size(2048));
    const fill = random.pick([0, 0xff, undefined]);
    for (let i = from; i < to; i++) bytes[i] = fill ?? random.below(256);
    return bytes;
  },

  splice: (bytes, random, donor) => {
    const from = random.below(donor.length);
    const piece = donor.subarray(from, from + random.size(donor.length));
    const at = random.below(bytes.length);
    const cut = random.chance(0.5) ? piece.length : random.size(4096);
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + cut)]);
  },

  'header-field': (bytes, random) => {
    const inFirst = random.below(HEADER_BYTES);
    for (let left = random.size(4); left > 0; left--) {
      const offset = random.below(HEADER_BYTES);
      writeExtreme(bytes, random.chance(0.6) ? inFirst + left : bytes.length - 1 - offset, random);
    }
    return bytes;
  },

  'tagged-field': (bytes, random) => {
    const tags = findTags(bytes);
    for (let left = random.size(4); left > 0; left--) {
      const tag = tags.length === 0 ? random.below(bytes.length) : random.pick(tags);
      writeExtreme(bytes, tag - 4 + random.below(64), random);
    }
    return bytes;
  },

  'remove-chunk': (bytes, random) => {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.size(8192))]);
  },

  'repeat-chunk': (bytes, random) => {
    const at = random.below(bytes.length);
    const chunk = bytes.subarray(at, at + random.size(4096));
    const copies = Array.from({ length: random.size(16) + 1 }, () => chunk);
    return Buffer.concat([bytes.subarray(0, at), ...copies, bytes.subarray(at + chunk.length)]);
  },
} as const satisfies Readonly<Record<string, Mutation>>;

/** Names of the mutations; `several` is two to five of the others, one after the other. */
export type MutationKind = keyof typeof MUTATIONS | 'several';

const SINGLE_KINDS = Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[];

/** Every kind of mutation. */
export const MUTATION_KINDS: readonly MutationKind[] = [...SINGLE_KINDS, 'several'];

/** A damaged copy of `bytes`; `donor` is another file to take pieces of. */
export function mutate(kind: MutationKind, bytes: Buffer, random: Random, donor: Buffer): Buffer {
  const count = kind === 'several' ? random.between(2, 5) : 1;
  let changed = Buffer.from(bytes);
  for (let i = 0; i < count; i++) {
    const single = kind === 'several' ? random.pick(SINGLE_KINDS) : kind;
    changed = Buffer.from(MUTATIONS[single](changed, random, donor));
  }
  return changed;
}

function writeExtreme(bytes: Buffer, at: number, random: Random): void {
  const value = random.chance(0.8) ? random.pick(EXTREMES) : BigInt(random.below(2 ** 32));
  const width = random.pick([1, 2, 3, 4, 4, 8]);
  const isBigEndian = random.chance(0.5);
  for (let i = 0; i < width; i++) {
    const shift = BigInt(8 * (isBigEndian ? width - 1 - i : i));
    const target = at + i;
    if (target >= 0 && target < bytes.length) bytes[target] = Number((value >> shift) & 0xffn);
  }
}

/** Where something stands that announces fields: MP4 boxes, AVI chunks, Matroska elements, start codes. */
function findTags(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  for (const tag of TAGS) {
    for (let at = bytes.indexOf(tag); at >= 0; at = bytes.indexOf(tag, at + 1)) found.push(at);
  }
  return found;
}
