import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCase, type FuzzCase } from './fuzz-case.ts';
import { PlanRunner } from './plan-runner.ts';
import { OUTCOMES, type Outcome, type PlanResult } from './run-plan.ts';
import { makeSeeds } from './seed-videos.ts';

/** Options of {@link fuzzMedia}. */
export interface FuzzMediaOptions {
  /** How many damaged files. */
  readonly runs: number;
  /** The same seed makes the same files. */
  readonly seed: number;
  /** Number of the first one. Default 0. */
  readonly from?: number;
  /** Names of the files to damage. Default: all that there are. */
  readonly seedNames?: readonly string[];
  /** Where the files that show bugs are kept. */
  readonly keepIn: string;
  /** How long one file may take. Default 30,000. */
  readonly timeoutMs?: number;
  /** What the process that decodes may need. Default 1536. */
  readonly maxRssMb?: number;
  /** Called after each file. */
  readonly onResult?: (result: FuzzResult) => void;
  /** Ends the campaign after the present file. */
  readonly signal?: AbortSignal;
}

/** How one damaged file was taken. */
export interface FuzzResult extends PlanResult {
  readonly index: number;
  readonly seedName: string;
  readonly kind: string;
  /** Where a bug's file was kept. */
  readonly keptAt: string | undefined;
  /** For a process that ended: how the same file alone was taken, and with `isolate`. */
  readonly alone: PlanResult | undefined;
  readonly isolated: PlanResult | undefined;
}

/** Outcomes that are bugs. */
export const isBug = (outcome: Outcome): boolean =>
  OUTCOMES.indexOf(outcome) >= OUTCOMES.indexOf('untyped');

/** A worker that has run this many files makes room for a fresh one, so that a leak cannot look like a big file. */
const MAX_AGE = 500;

/**
 * Damages small videos of many codecs and containers in many ways, and opens, decodes and cuts each
 * in a process that they may crash.
 */
export async function fuzzMedia(options: FuzzMediaOptions): Promise<readonly FuzzResult[]> {
  const { runs, seed, from = 0, timeoutMs = 30_000, maxRssMb = 1536, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'visualbase-fuzz-'));
  try {
    const seeds = await makeSeeds(folder, options.seedNames);
    await using runner = new PlanRunner({ timeoutMs, maxRssMb });
    const results: FuzzResult[] = [];
    for (let index = from; index < from + runs && signal?.aborted !== true; index++) {
      const made = makeCase(seed, index, seeds);
      const path = join(folder, made.fileName);
      await writeFile(path, made.bytes);
      const result = await tryCase(runner, made, path, options.keepIn);
      await rm(path, { force: true });
      results.push(result);
      options.onResult?.(result);
      if (runner.ageCount >= MAX_AGE) runner.restart();
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryCase(
  runner: PlanRunner,
  { index, seedName, kind, plan, fileName, bytes }: FuzzCase,
  path: string,
  keepIn: string,
): Promise<FuzzResult> {
  const result = await runner.run({ ...plan, path });
  const facts = { index, seedName, kind, ...result };
  if (!isBug(result.outcome)) {
    return { ...facts, keptAt: undefined, alone: undefined, isolated: undefined };
  }
  await mkdir(keepIn, { recursive: true });
  const keptAt = join(keepIn, fileName);
  await writeFile(keptAt, bytes);
  await writeFile(`${keptAt}.json`, JSON.stringify({ ...facts, plan }, undefined, 2));
  // Alone, since another file may have broken the process; isolated, since that has to contain it.
  runner.restart();
  const alone = await runner.run({ ...plan, path });
  const isolate = { stallTimeoutMs: 5000, maxRssMb: 1024 };
  const isolated = await runner.run({
    path,
    options: { ...plan.options, isolate },
    clip: undefined,
  });
  runner.restart();
  return { ...facts, keptAt, alone, isolated };
}
