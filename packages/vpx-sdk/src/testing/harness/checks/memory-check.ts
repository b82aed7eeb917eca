import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AnyModule } from 'visualpath';
import { skipped, type PluginCheck } from '../plugin-check.ts';
import type { TestSubject } from '../test-subject.ts';

const ROUNDS = 6;
/** A leak is there each time; the noise of compilers and other tests is not. */
const ATTEMPTS = 3;

/** Memory that frames leave behind. */
export const MEMORY_CHECK: PluginCheck = {
  name: 'memory',
  title: 'keeps no memory of frames that are done',
  async run(subject, { memory }) {
    const { frameCount, maxBytesPerFrame, maxRssGrowthBytes } = memory;
    const collect = garbageCollector();
    if (collect === undefined) return skipped('this Node cannot be asked to collect garbage');
    const framesPerRound = Math.max(1, Math.ceil(frameCount / ROUNDS));
    return subject.withModule(async (module) => {
      let next = 0;
      const work = async (): Promise<Sample> => {
        for (let i = 0; i < framesPerRound; i++) await processOne(subject, module, next++);
        return takeSample(collect);
      };
      await work();
      let problem: string | undefined;
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const samples: Sample[] = [];
        for (let round = 0; round < ROUNDS; round++) samples.push(await work());
        const perFrame = slopeOf(samples.map(({ usedBytes }) => usedBytes)) / framesPerRound;
        const rss = samples.at(-1)!.rssBytes - samples[0]!.rssBytes;
        if (perFrame <= maxBytesPerFrame && rss <= maxRssGrowthBytes) return [];
        problem =
          perFrame > maxBytesPerFrame
            ? `each frame leaves ${Math.round(perFrame)} bytes behind, more than ${maxBytesPerFrame}`
            : `the process grew by ${rss} bytes, more than ${maxRssGrowthBytes}`;
      }
      return [`${problem} (over ${next} frames)`];
    });
  },
};

interface Sample {
  /** Heap and what is outside of it for JavaScript. */
  readonly usedBytes: number;
  readonly rssBytes: number;
}

async function processOne(subject: TestSubject, module: AnyModule, index: number): Promise<void> {
  const loan = await subject.lend(index);
  await subject.process(module, loan);
  loan.lent.takeBack();
}

async function takeSample(collect: () => void): Promise<Sample> {
  // What finalizers let go is free the second time.
  for (let i = 0; i < 2; i++) {
    collect();
    await setImmediate();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { usedBytes: heapUsed + external, rssBytes: rss };
}

/** Median of the slopes between all pairs (Theil-Sen): a single jump does not count. */
function slopeOf(values: readonly number[]): number {
  const slopes = values.flatMap((to, j) =>
    values.slice(0, j).map((from, i) => (to - from) / (j - i)),
  );
  return slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? 0;
}

function garbageCollector(): (() => void) | undefined {
  try {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as (() => void) | undefined;
    return typeof gc === 'function' ? gc : undefined;
  } catch {
    return undefined;
  }
}
