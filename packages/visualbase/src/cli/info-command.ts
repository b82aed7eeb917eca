import { Command } from '@commander-js/extra-typings';
import { formatTable } from '../command/format-table.ts';
import { formatBytes, formatClock } from '../command/format-values.ts';
import { runAction } from '../command/run-action.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { nsToSec } from '../time/ns.ts';

/** `visualbase info FILE`. */
export const infoCommand = new Command('info')
  .description('Say what is in a video file')
  .argument('<file>', 'path of the video file')
  .option('--json', 'print it for machines', false)
  .option('--isolate', 'look into it in a process of its own, for files nobody vouches for', false)
  .addHelpText(
    'after',
    `
Examples:
  visualbase info party.mp4
  visualbase info party.mp4 --json | jq .video.fps`,
  )
  .action((file, { json, isolate }) =>
    runAction('visualbase', async (signal) => {
      const { probe } = await import('../probe/probe.ts');
      const info = await probe(file, { isolate, signal });
      console.log(json ? JSON.stringify(info, undefined, 2) : describe(info).join('\n'));
    }),
  );

function describe({ path, sizeBytes, container, durationNs, video, audio }: MediaInfo): string[] {
  const { width, height, fps, frameCount, rotationDeg, startNs } = video;
  const { num, den } = video.sampleAspectRatio;
  const length =
    durationNs > 0
      ? `${formatClock(nsToSec(durationNs), 3)} (${nsToSec(durationNs)} s)`
      : 'unknown';
  const rows: (readonly [string, string])[] = [
    ['file', `${path}, ${formatBytes(sizeBytes)}`],
    ['container', container],
    ['length', length],
    ['video', `${video.codec}, ${width}x${height}, ${video.pixelFormat}`],
    ['rate', fps > 0 ? `${Number(fps.toFixed(3))} pictures a second` : 'unknown'],
  ];
  if (frameCount !== undefined) rows.push(['pictures', String(frameCount)]);
  if (rotationDeg !== 0) rows.push(['rotation', `${rotationDeg} degrees clockwise, applied`]);
  if (num !== den) rows.push(['pixel shape', `${num}:${den}`]);
  if (startNs !== 0) rows.push(['starts at', `${nsToSec(startNs)} s of the container's clock`]);
  const sound = audio && `${audio.codec}, ${audio.sampleRateHz} Hz, ${audio.channels} channels`;
  rows.push(['audio', sound ?? 'none']);
  return formatTable(rows);
}
