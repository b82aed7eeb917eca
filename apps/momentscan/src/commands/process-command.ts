import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { isVisualError } from 'visualbase';

/** Exit codes of momentscan, as `--help` lists them. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

function number(what: string, isGood: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !isGood(value)) throw new InvalidArgumentError(`It must be ${what}.`);
    return value;
  };
}

const positive = number('a number above 0', (value) => Number.isFinite(value) && value > 0);
const seconds = number(
  'a number of seconds from 0',
  (value) => Number.isFinite(value) && value >= 0,
);
const count = number('a whole number from 1', (value) => Number.isSafeInteger(value) && value > 0);
const side = number('at least 64 pixels', (value) => Number.isSafeInteger(value) && value >= 64);

/** `momentscan process VIDEO`. */
export const processCommand = new Command('process')
  .description('Find the highlights of a video: clips, stills and highlights.json')
  .argument('<video>', 'path of the video file')
  .option('-o, --output <folder>', 'where to write', 'momentscan-out')
  .option('--fps <rate>', 'frames per second to look at', positive, 10)
  .option('--max-side <pixels>', 'shrink frames for looking at to this longer side', side, 640)
  .option('--cooldown <seconds>', 'time after a moment in which no other begins', seconds, 2)
  .option('--pre <seconds>', 'clip before the moment', seconds, 1.5)
  .option('--post <seconds>', 'clip after the moment', seconds, 2.5)
  .option('--max-clips <n>', 'keep only the best n moments', count)
  .option('--json', 'print highlights.json instead of the table', false)
  .option('-q, --quiet', 'show no progress', false)
  .addHelpText(
    'after',
    `
Examples:
  momentscan process party.mp4
  momentscan process party.mp4 -o best --max-clips 5
  momentscan process talk.mkv --json | jq '.moments[].timeSec'

Ctrl-C ends the scan; clips that are finished stay, and highlights.json lists them.

Exit codes: 0 done (also when nothing was found), 1 failed, 2 wrong usage, 130 stopped by Ctrl-C`,
  )
  .action(async (video, flags) => {
    process.exitCode = await runProcess(video, flags);
  });

interface ProcessFlags {
  readonly output: string;
  readonly fps: number;
  readonly maxSide: number;
  readonly cooldown: number;
  readonly pre: number;
  readonly post: number;
  readonly maxClips?: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

async function runProcess(video: string, flags: ProcessFlags): Promise<number> {
  const [{ scanVideo }, { openProgress }, { summarise }, path] = await Promise.all([
    import('../scan/scan-video.ts'),
    import('../ui/progress.ts'),
    import('../ui/summary.ts'),
    import('node:path'),
  ]);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  const progress = flags.quiet ? undefined : openProgress(process.stderr);
  try {
    const highlights = await scanVideo(video, {
      outputPath: flags.output,
      fps: flags.fps,
      maxSidePx: flags.maxSide,
      cooldownSec: flags.cooldown,
      preSec: flags.pre,
      postSec: flags.post,
      ...(flags.maxClips !== undefined && { maxClips: flags.maxClips }),
      signal: interrupt.signal,
      ...(progress && { onProgress: (state) => progress.update(state) }),
    });
    progress?.stop();
    if (flags.json) console.log(JSON.stringify(highlights, undefined, 2));
    else console.log(`${summarise(highlights)}\n\n${path.resolve(flags.output)}`);
    return highlights.status === 'interrupted' ? EXIT.interrupted : EXIT.done;
  } catch (error) {
    progress?.stop();
    console.error(describeError(error));
    return error instanceof RangeError ? EXIT.usage : EXIT.failed;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  }
}

/** One line for what has a code; everything for what should not have happened. */
function describeError(error: unknown): string {
  if (isVisualError(error)) return `momentscan: ${error.message} [${error.code}]`;
  if (error instanceof RangeError) return `momentscan: ${error.message}`;
  return `momentscan: unexpected error, please report it\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
