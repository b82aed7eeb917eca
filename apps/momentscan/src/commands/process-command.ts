import { Command } from '@commander-js/extra-typings';
import {
  count,
  EXIT,
  openProgress,
  pixels,
  positive,
  runAction,
  seconds,
  type ProgressView,
} from 'visualbase/command';
import type { ScanProgress } from '../scan/scan-options.ts';

/** `momentscan process VIDEO`. */
export const processCommand = new Command('process')
  .description('Find the highlights of a video: clips, stills and highlights.json')
  .argument('<video>', 'path of the video file')
  .option('-o, --output <folder>', 'where to write', 'momentscan-out')
  .option('--fps <rate>', 'frames per second to look at', positive, 10)
  .option('--max-side <pixels>', 'shrink frames for looking at to this longer side', pixels, 640)
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
  .action((video, flags) => runAction('momentscan', (signal) => runProcess(video, flags, signal)));

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

async function runProcess(
  video: string,
  flags: ProcessFlags,
  signal: AbortSignal,
): Promise<number> {
  const [{ scanVideo }, { summarise }, path] = await Promise.all([
    import('../scan/scan-video.ts'),
    import('../ui/summary.ts'),
    import('node:path'),
  ]);
  const progress = flags.quiet
    ? undefined
    : openProgress(process.stderr, { doing: 'Scanning', done: 'Scanned' });
  try {
    const highlights = await scanVideo(video, {
      outputPath: flags.output,
      fps: flags.fps,
      maxSidePx: flags.maxSide,
      cooldownSec: flags.cooldown,
      preSec: flags.pre,
      postSec: flags.post,
      ...(flags.maxClips !== undefined && { maxClips: flags.maxClips }),
      signal,
      ...(progress && { onProgress: (state) => show(progress, state) }),
    });
    progress?.stop();
    if (flags.json) console.log(JSON.stringify(highlights, undefined, 2));
    else console.log(`${summarise(highlights)}\n\n${path.resolve(flags.output)}`);
    return highlights.status === 'interrupted' ? EXIT.interrupted : EXIT.done;
  } finally {
    progress?.stop();
  }
}

function show(view: ProgressView, state: ScanProgress): void {
  const { scannedSec, durationSec, momentCount, timesRealTime } = state;
  const note = `${momentCount} found, ${timesRealTime.toFixed(0)} times real time`;
  view.update({ doneSec: scannedSec, totalSec: durationSec, note });
}
