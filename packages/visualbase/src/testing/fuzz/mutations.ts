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

/** Where four letters stand, as before the fields of MP4 boxes and AVI chunks. */
function findTags(bytes: Buffer): readonly number[] {
  const isLetter = (byte: number): boolean =>
    (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x31;
  const tags: number[] = [];
  for (let i = 0; i + 4 <= bytes.length; i++) {
    if ([0, 1, 2, 3].every((k) => isLetter(bytes[i + k]!))) tags.push(i);
  }
  return tags;
}
