import { join } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { EXIT } from '../command/exit-codes.ts';
import { formatClock } from '../command/format-values.ts';
import { anySeconds, count, pixels, positive, seconds } from '../command/option-parsers.ts';
import { openProgress } from '../command/progress.ts';
import { runAction } from '../command/run-action.ts';
import type { Frame } from '../frame/frame.ts';
import type { FrameSource } from '../source/frame-source.ts';
import { nsToSec, secToNs } from '../time/ns.ts';

/** Pictures that are encoded at a time. */
const ENCODING_AT_ONCE = 2;

/** `visualbase frames SOURCE`. */
export const framesCommand = new Command('frames')
  .description('Write frames of a video, camera or stream as pictures')
  .argument('<source>', 'a file, a stream, camera:0, ... (see visualbase sources)')
  .requiredOption('-o, --output <folder>', 'where to write; created when it is missing')
  .option('--fps <rate>', 'pictures per second to take; by default every one', positive)
  .option('--max-side <pixels>', 'shrink to this longer side', pixels)
  .option('--from <time>', 'start there, such as 83.5 or 1:23.5 (files)', anySeconds)
  .option('--to <time>', 'end there (files)', anySeconds)
  .option('--for <seconds>', 'end after so much media time', seconds)
  .option('--max-frames <n>', 'end after so many pictures', count)
  .addOption(
    new Option('--format <name>', 'of the pictures').choices(['jpg', 'png', 'webp']).default('jpg'),
  )
  .option('--quality <n>', '1 worst to 100 best, for jpg and webp', count, 90)
  .option('--isolate', 'decode in a process of its own, for files nobody vouches for', false)
  .option('--json', 'print a list of the pictures for machines', false)
  .option('-q, --quiet', 'show no progress', false)
  .addHelpText(
    'after',
    `
Examples:
  visualbase frames party.mp4 --fps 1 -o pictures
  visualbase frames party.mp4 --from 1:00 --to 1:05 --format png -o five-seconds
  visualbase frames camera:0 --max-frames 10 -o snapshots

Pictures are named by their time: frame-0000012.500s.jpg is the one at 12.5 s.
Ctrl-C ends; pictures that are written stay.`,
  )
  .action((source, flags) =>
    runAction('visualbase', (signal) => writeFrames(source, flags, signal)),
  );

type Flags = ReturnType<(typeof framesCommand)['opts']>;

interface Written {
  readonly path: string;
  readonly tNs: number;
  readonly frameId: number;
}

async function writeFrames(text: string, flags: Flags, signal: AbortSignal): Promise<number> {
  const { openSource, parseSource } = await import('../source/open-source.ts');
  const isRange = flags.from !== undefined || flags.to !== undefined;
  if (isRange && (await parseSource(text)).kind !== 'file') {
    throw new RangeError('--from and --to are for video files; use --for.');
  }
  const source = await openSource(text, {
    signal,
    isolate: flags.isolate,
    ...(flags.fps !== undefined && { fps: flags.fps }),
    ...(flags.maxSide !== undefined && { maxSide: flags.maxSide }),
    ...(flags.from !== undefined && { startSec: flags.from }),
    ...(flags.to !== undefined && { endSec: flags.to }),
  });
  const progress = flags.quiet
    ? undefined
    : openProgress(process.stderr, { doing: 'Reading', done: 'Read' });
  const written: Written[] = [];
  let failure: unknown;
  const pending = new Set<Promise<void>>();
  const firstNs = secToNs(flags.from ?? 0);
  const totalSec = totalOf(source, flags);
  try {
    for await (const frame of source) {
      if (signal.aborted || failure !== undefined || isBeyond(frame, flags, firstNs)) break;
      while (pending.size >= ENCODING_AT_ONCE) await Promise.race(pending);
      frame.retain();
      const work = writeOne(frame, flags)
        .then((one) => void written.push(one))
        .catch((error: unknown) => {
          failure ??= error;
          void source.close();
        })
        .finally(() => {
          frame.release();
          pending.delete(work);
        });
      pending.add(work);
      const doneSec = nsToSec(frame.tSrcNs - firstNs);
      progress?.update({ doneSec, totalSec, note: `${written.length} pictures` });
      if (flags.maxFrames !== undefined && written.length + pending.size >= flags.maxFrames) break;
    }
  } catch (error) {
    // What is written is told all the same.
    if (!signal.aborted) throw error;
  } finally {
    await Promise.all(pending).finally(() => source.close());
    progress?.stop();
  }
  if (failure !== undefined) throw failure as Error;
  return report(written, flags, signal);
}

function report(written: Written[], flags: Flags, signal: AbortSignal): number {
  written.sort((a, b) => a.tNs - b.tNs);
  if (flags.json) console.log(JSON.stringify({ frames: written }, undefined, 2));
  else if (written.length === 0) console.log('No pictures: the range holds none.');
  else {
    const [first, last] = [written[0]!, written.at(-1)!].map(({ tNs }) =>
      formatClock(nsToSec(tNs), 3),
    );
    console.log(`${written.length} pictures from ${first} to ${last} in ${flags.output}`);
  }
  return signal.aborted ? EXIT.interrupted : EXIT.done;
}

function totalOf(source: FrameSource, { to, from = 0, for: forSec }: Flags): number {
  const durationNs = 'info' in source ? (source.info as { durationNs: number }).durationNs : 0;
  const ends = [forSec, to === undefined ? undefined : to - from, nsToSec(durationNs) - from];
  return Math.min(...ends.filter((end) => end !== undefined && end > 0).map(Number), Infinity);
}

const isBeyond = ({ tSrcNs }: Frame, { for: forSec }: Flags, firstNs: number): boolean =>
  forSec !== undefined && tSrcNs - firstNs >= secToNs(forSec);

async function writeOne(frame: Frame, { output, format, quality }: Flags): Promise<Written> {
  const { writeImage } = await import('../image/write-image.ts');
  const sec = nsToSec(frame.tSrcNs).toFixed(3).padStart(11, '0');
  const path = join(output, `frame-${sec}s.${format}`);
  await writeImage(frame, path, { quality });
  return { path, tNs: frame.tSrcNs, frameId: frame.frameId };
}
