import { extname } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { formatBytes, formatClock } from '../command/format-values.ts';
import { anySeconds, seconds } from '../command/option-parsers.ts';
import { runAction } from '../command/run-action.ts';
import type { ClipResult } from '../clip/extract-clip.ts';
import { nsToSec, secToNs } from '../time/ns.ts';

/** `visualbase clip FILE`. */
export const clipCommand = new Command('clip')
  .description('Cut a clip out of a video file: exactly the frames asked for, with their sound')
  .argument('<file>', 'path of the video file')
  .requiredOption('-o, --output <path>', 'a file to write, or a folder')
  .option('--at <time>', 'a moment, such as 12.5 or 1:12.5; with --pre and --post', anySeconds)
  .option('--pre <seconds>', 'before the moment', seconds, 2)
  .option('--post <seconds>', 'after the moment', seconds, 3)
  .option('--from <time>', 'start, instead of --at', anySeconds)
  .option('--to <time>', 'end, instead of --at', anySeconds)
  .addOption(
    new Option('--method <name>', 'how to cut')
      .choices(['auto', 'copy', 'smart', 'encode'] as const)
      .default('auto' as const),
  )
  .option('--no-audio', 'leave the sound out')
  .option('--json', 'print what was written for machines', false)
  .addHelpText(
    'after',
    `
Examples:
  visualbase clip party.mp4 --at 1:12.5 --pre 2 --post 3 -o cake.mp4
  visualbase clip party.mp4 --from 60 --to 75 -o clips/

Methods: encode decodes and encodes all; smart encodes up to the first key frame and copies the
rest; copy encodes nothing (in MP4, with an edit list that hides what comes before the start);
auto takes the fastest that is exact in every player.

What lies outside of the video is left out. Ctrl-C leaves no half file behind.`,
  )
  .action((file, flags) =>
    runAction('visualbase', async (signal) => {
      const { extractClip } = await import('../clip/extract-clip.ts');
      const target =
        extname(flags.output) === '' ? { outputDir: flags.output } : { path: flags.output };
      const options = { ...target, audio: flags.audio, method: flags.method, signal };
      const clip = await extractClip(file, rangeOf(flags), options);
      console.log(flags.json ? JSON.stringify(clip, undefined, 2) : describe(clip));
    }),
  );

interface RangeFlags {
  readonly at?: number | undefined;
  readonly pre: number;
  readonly post: number;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

function rangeOf({ at, pre, post, from, to }: RangeFlags) {
  if (at !== undefined && from === undefined && to === undefined) {
    return { startNs: secToNs(at - pre), endNs: secToNs(at + post) };
  }
  if (at === undefined && from !== undefined && to !== undefined) {
    return { startNs: secToNs(from), endNs: secToNs(to) };
  }
  throw new RangeError('Give either --at, or --from and --to.');
}

function describe(clip: ClipResult): string {
  const [from, to] = [clip.startNs, clip.endNs].map((tNs) => formatClock(nsToSec(tNs), 3));
  const sound = clip.hasAudio ? 'with sound' : 'without sound';
  const facts = `${nsToSec(clip.durationNs).toFixed(3)} s, ${clip.frameCount} frames ${sound}, ${formatBytes(clip.sizeBytes)}`;
  return `${from} to ${to}: ${facts} (${clip.method})\n${clip.path}`;
}
