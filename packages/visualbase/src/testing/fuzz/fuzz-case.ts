import { extname } from 'node:path';
import type { ClipRange } from '../../clip/extract-clip-options.ts';
import type { FileSourceOptions } from '../../source/file-source-options.ts';
import { mutate, MUTATION_KINDS, type MutationKind } from './mutations.ts';
import { Random } from './random.ts';
import type { SeedVideo } from './seed-videos.ts';

/** What is done with a damaged file. Plain data, for another process. */
export interface FuzzPlan {
  readonly path: string;
  readonly options: Omit<FileSourceOptions, 'signal'>;
  /** A clip to cut afterwards. */
  readonly clip: ClipRange | undefined;
}

/** A damaged file, and what is to be done with it. */
export interface FuzzCase {
  readonly index: number;
  readonly seedName: string;
  readonly kind: MutationKind;
  readonly fileName: string;
  readonly bytes: Buffer;
  readonly plan: Omit<FuzzPlan, 'path'>;
}

/** Makes case number `index` of the campaign `seed`: always the same. */
export function makeCase(seed: number, index: number, seeds: readonly SeedVideo[]): FuzzCase {
  const random = new Random(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const video = seeds[index % seeds.length]!;
  const kind = random.pick(MUTATION_KINDS);
  const bytes = mutate(kind, video.bytes, random, random.pick(seeds).bytes);
  return {
    index,
    seedName: video.name,
    kind,
    fileName: `${seed}-${index}-${kind}${extname(video.name)}`,
    bytes,
    plan: {
      options: {
        ...(random.chance(0.4) && { fps: random.pick([0.5, 7, 29.97, 240]) }),
        ...(random.chance(0.3) && { maxSide: random.pick([16, 48, 640]) }),
        ...(random.chance(0.25) && { startSec: random.pick([0.1, 0.25, 5]) }),
        ...(random.chance(0.25) && { endSec: random.pick([5.5, 6, 1000]) }),
        ...(random.chance(0.1) && { slotCount: 2 }),
      },
      clip: random.chance(0.12) ? { startNs: 1e8, endNs: random.pick([3e8, 5e9]) } : undefined,
    },
  };
}
