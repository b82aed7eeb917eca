import { formatClock, formatTable } from 'visualbase/command';
import type { Highlights } from '../output/highlights-schema.ts';

/** What was found, as lines for people. */
export function summarise(highlights: Highlights): string {
  const { moments, stats, source, problems } = highlights;
  const lines = [...table(highlights)];
  if (highlights.status === 'interrupted') {
    lines.push(
      '',
      `Stopped at ${formatClock(stats.scannedSec)} of ${formatClock(source.durationSec)}.`,
    );
  }
  if (moments.length === 0) lines.push(noMoments(highlights));
  lines.push(
    '',
    `${source.fileName}: ${stats.frameCount} frames looked at, a face in ${stats.faceFrameCount}; ` +
      `${stats.wallSec.toFixed(1)} s, ${stats.timesRealTime.toFixed(1)} times real time.`,
  );
  for (const problem of problems) lines.push(`Note: ${problem}`);
  return lines.join('\n');
}

function table({ moments }: Highlights): string[] {
  if (moments.length === 0) return [];
  return formatTable([
    ['time', 'moment', 'score', 'clip', 'why'],
    ...moments.map(({ timeSec, label, score, clip, reason }) => [
      formatClock(timeSec),
      label,
      score.toFixed(2),
      clip ?? '-',
      reason,
    ]),
  ]);
}

function noMoments({ stats, status }: Highlights): string {
  if (status === 'interrupted') return 'No moment was finished before the scan was stopped.';
  return stats.faceFrameCount === 0
    ? 'No moments: no face was found in this video.'
    : 'No moments: faces were found, but nobody began to smile or turned to the camera.';
}
