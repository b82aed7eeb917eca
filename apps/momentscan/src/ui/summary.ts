import type { Highlights } from '../output/highlights-schema.ts';

const clock = (sec: number): string => {
  const minutes = Math.floor(sec / 60);
  return `${minutes}:${(sec - minutes * 60).toFixed(1).padStart(4, '0')}`;
};

/** What was found, as lines for people. */
export function summarise(highlights: Highlights): string {
  const { moments, stats, source, problems } = highlights;
  const lines = [...table(highlights)];
  if (highlights.status === 'interrupted') {
    lines.push('', `Stopped at ${clock(stats.scannedSec)} of ${clock(source.durationSec)}.`);
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
  const rows = [
    ['time', 'moment', 'score', 'clip', 'why'],
    ...moments.map(({ timeSec, label, score, clip, reason }) => [
      clock(timeSec),
      label,
      score.toFixed(2),
      clip ?? '-',
      reason,
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function noMoments({ stats, status }: Highlights): string {
  if (status === 'interrupted') return 'No moment was finished before the scan was stopped.';
  return stats.faceFrameCount === 0
    ? 'No moments: no face was found in this video.'
    : 'No moments: faces were found, but nobody began to smile or turned to the camera.';
}
