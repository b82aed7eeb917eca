import type { ClipFacts, ClipJob } from '../clip/clip-job.ts';
import { freeSetId, h264LayoutOf, readParameterSets } from '../clip/h264-parameter-sets.ts';
import {
  planCopy,
  planSmartCut,
  planVisibleCopy,
  type CutObstacle,
  type CutPlan,
  type ScannedSpan,
} from '../clip/plan-cut.ts';
import { clipOutside, copyImpossible } from './clip-errors.ts';
import { copyClip } from './copy-clip.ts';
import { encodeClip } from './encode-clip.ts';
import { PacketReader } from './packet-reader.ts';
import { NotAsPlanned } from './piece-encoder.ts';
import { scanSpan } from './scan-span.ts';

/**
 * Writes the pictures with `startNs <= t < endNs`, and the sound that goes with them, by the method of
 * the job. Blocks its thread.
 *
 * @returns What was written, and how; undefined when it was stopped before the end.
 * @throws VisualError as `openInput`, `VB_UNSUPPORTED_CODEC`, `VB_CLIP_OUTSIDE`, `VB_DECODE_FAILED`,
 * `VB_COPY_IMPOSSIBLE` or `VB_WRITE_FAILED`. What was written by then is useless and stays for the
 * caller to remove.
 */
export async function cutClip(job: ClipJob): Promise<ClipFacts | undefined> {
  if (job.method === 'encode') return encodeClip(job);
  const video = await PacketReader.open(job.sourcePath, 'video');
  let audio: PacketReader | undefined;
  try {
    const seek = async (reader: PacketReader): Promise<void> => {
      if (job.startNs > 0) await reader.seek(video.info.video.startNs + job.startNs);
    };
    if (job.method === 'copy' || isUsualH264(video)) {
      await seek(video);
      const span = scanSpan(video, job.startNs, job.endNs);
      const plan = choosePlan(job, video, span);
      if (span !== undefined && plan !== undefined) {
        await video.rewind();
        await seek(video);
        if (job.isAudioWanted && video.info.audio !== undefined) {
          audio = await PacketReader.open(job.sourcePath, 'audio');
          await seek(audio);
        }
        return await copyClip({ job, video, audio, span, plan });
      }
    }
  } catch (error) {
    if (!(error instanceof NotAsPlanned)) throw error;
    if (job.method === 'copy') throw copyImpossible(job, 'damaged');
  } finally {
    audio?.close();
    video.close();
  }
  return encodeClip(job);
}

/** The plan that the job allows; undefined when the clip is to be encoded. */
function choosePlan(
  job: ClipJob,
  video: PacketReader,
  span: ScannedSpan | undefined,
): CutPlan | undefined {
  const canHide = job.container === 'mp4';
  if (job.method === 'copy') {
    const plan: CutPlan | CutObstacle =
      span === undefined ? 'no-times' : canHide ? planCopy(span) : planVisibleCopy(span);
    if (plan === 'no-picture') throw clipOutside(job, video.info.durationNs);
    if (typeof plan === 'string') throw copyImpossible(job, plan);
    return plan;
  }
  if (span === undefined) return undefined;
  const copy = planCopy(span);
  if (typeof copy === 'string') return undefined;
  if (!copy.hasPreroll && isAtKey(copy, span) && (canHide || !copy.hasOverhang)) return copy;
  const smart = hasRoomForSets(video) ? planSmartCut(span, canHide) : undefined;
  return typeof smart === 'object' ? smart : undefined;
}

const isAtKey = (plan: CutPlan, span: ScannedSpan): boolean =>
  span.packets[plan.keyIndex]!.pts === plan.firstPts;

/** What the encoder would write as well, so that the method changes nothing for players. */
function isUsualH264({ info }: PacketReader): boolean {
  return info.video.codec === 'h264' && info.video.pixelFormat === 'yuv420p';
}

/** Whether an encoder's parameter sets can stand beside those of the source. */
function hasRoomForSets({ stream }: PacketReader): boolean {
  const { extradata } = stream.codecpar;
  if (extradata === null || h264LayoutOf(extradata) === undefined) return false;
  try {
    const sets = readParameterSets(extradata);
    return sets.sequence.length > 0 && freeSetId(sets) !== undefined;
  } catch {
    return false;
  }
}
