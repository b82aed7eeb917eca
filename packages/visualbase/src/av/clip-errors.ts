import type { ClipJob } from '../clip/clip-job.ts';
import type { CutObstacle } from '../clip/plan-cut.ts';
import { VisualError } from '../errors/visual-error.ts';

/** No picture lies in the range of a clip. */
export function clipOutside(job: ClipJob, durationNs: number): VisualError {
  const { sourcePath, startNs, endNs } = job;
  return new VisualError(
    'VB_CLIP_OUTSIDE',
    `${sourcePath} has no picture from ${startNs} to ${endNs} ns; it is ${durationNs} ns long. Choose a range inside the file.`,
    { details: { path: sourcePath, startNs, endNs, durationNs } },
  );
}

const WHY: Readonly<Record<Exclude<CutObstacle, 'no-picture'>, string>> = {
  'no-times': 'its packets do not all say when they are shown',
  damaged: 'packets in the range are damaged',
  hidden: 'pictures in the range are stored but not shown',
  'no-key-frame': 'no key frame comes before the range',
};

/** Packets of this source cannot be taken over. */
export function copyImpossible(
  job: ClipJob,
  why: Exclude<CutObstacle, 'no-picture'> | { readonly codec: string; readonly cause: unknown },
): VisualError {
  const { sourcePath, container } = job;
  const isCodec = typeof why === 'object';
  const reason = isCodec ? `${container} does not take its codec, ${why.codec}` : WHY[why];
  return new VisualError(
    'VB_COPY_IMPOSSIBLE',
    `The packets of ${sourcePath} cannot be copied into a clip: ${reason}. Use the method auto or encode.`,
    { ...(isCodec && { cause: why.cause }), details: { path: sourcePath, container, reason } },
  );
}
