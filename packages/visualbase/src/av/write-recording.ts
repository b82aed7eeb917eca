import { Packet, type Stream } from 'node-av/lib';
import { VisualError } from '../errors/visual-error.ts';
import type { CutFacts, StreamGap } from '../live/live-job.ts';
import { NS_PER_SEC, tryTicksToNs } from '../time/ns.ts';
import { Muxer } from './muxer.ts';
import type { RecordedPacket, RecordedTracks } from './packet-recorder.ts';

/** The only container that takes every codec with its exact times. */
const CONTAINER = 'nut';
/** Less is a slow stream, and no gap. */
const MIN_GAP_NS = NS_PER_SEC;

/**
 * Writes what is kept of a range into a file, from the key frame before it on, nothing encoded anew.
 * Where the stream came back with other parameters, only the part that covers most of the range.
 *
 * @throws VisualError `VB_CLIP_OUTSIDE` when nothing of the range is kept, or as `Muxer`.
 */
export function writeRecording(
  packets: readonly RecordedPacket[],
  request: { readonly startNs: number; readonly endNs: number; readonly path: string },
): CutFacts {
  const chosen = choose(packets, request.startNs, request.endNs);
  const pictures = chosen.filter(({ kind }) => kind === 'video');
  const first = pictures[0];
  if (first === undefined) throw nothingKept(packets, request);
  const { tracks } = first;
  writeAll(request.path, chosen, tracks);
  const shown = pictures.map(({ tNs }) => tNs).sort((a, b) => a - b);
  const last = pictures.reduce((latest, packet) => (packet.tNs > latest.tNs ? packet : latest));
  const { num, den } = tracks.video.timebase;
  const lastEndNs = last.tNs + (tryTicksToNs(last.duration, num, den) ?? 0);
  return { originNs: shown[0]!, startNs: first.tNs, endNs: lastEndNs, gaps: gapsIn(shown) };
}

function choose(
  packets: readonly RecordedPacket[],
  startNs: number,
  endNs: number,
): readonly RecordedPacket[] {
  const parts = new Map<RecordedTracks, RecordedPacket[]>();
  for (const packet of packets) {
    const part = parts.get(packet.tracks);
    if (part === undefined) parts.set(packet.tracks, [packet]);
    else part.push(packet);
  }
  let best: readonly RecordedPacket[] = [];
  let bestCount = 0;
  for (const part of parts.values()) {
    const cut = cutPart(part, startNs, endNs);
    const inside = cut.filter(({ kind, tNs }) => kind === 'video' && tNs >= startNs && tNs < endNs);
    if (inside.length >= bestCount && inside.length > 0) {
      best = cut;
      bestCount = inside.length;
    }
  }
  return best;
}

/**
 * From the last key frame at or before the start to the last picture that is needed; sound as shown beside.
 * Pictures that lead into the key frame need others before it, which are not there.
 */
function cutPart(
  part: readonly RecordedPacket[],
  startNs: number,
  endNs: number,
): readonly RecordedPacket[] {
  const isKeyFrame = ({ kind, isKey }: RecordedPacket): boolean => kind === 'video' && isKey;
  const before = part.findLastIndex((packet) => isKeyFrame(packet) && packet.tNs <= startNs);
  const from = before >= 0 ? before : part.findIndex(isKeyFrame);
  if (from < 0) return [];
  const keyNs = part[from]!.tNs;
  return part.filter((packet, at) =>
    packet.kind === 'video'
      ? at >= from && packet.tNs >= keyNs && packet.dtsNs < endNs
      : packet.tNs >= keyNs && packet.tNs < endNs,
  );
}

function writeAll(path: string, packets: readonly RecordedPacket[], tracks: RecordedTracks): void {
  const muxer = Muxer.open({ path, format: CONTAINER });
  const packet = new Packet();
  packet.alloc();
  try {
    const video = muxer.addParameters(tracks.video.codecpar, tracks.video.timebase);
    const audio = tracks.audio && muxer.addParameters(tracks.audio.codecpar, tracks.audio.timebase);
    muxer.start();
    const lastDts = new Map<Stream, bigint>();
    for (const recorded of packets) {
      const stream = recorded.kind === 'video' ? video : audio;
      if (stream === undefined) continue;
      // Containers refuse what a sender's clock that jumped may give.
      const newest = lastDts.get(stream);
      const dts = newest === undefined || recorded.dts > newest ? recorded.dts : newest + 1n;
      if (recorded.pts < dts) continue;
      lastDts.set(stream, dts);
      recorded.stored.fill(packet);
      packet.pts = recorded.pts;
      packet.dts = dts;
      packet.duration = recorded.duration;
      packet.flags = recorded.flags;
      muxer.write(packet, stream, tracks[recorded.kind]!.timebase);
    }
    muxer.finish();
  } finally {
    packet.free();
    muxer.close();
  }
}

function gapsIn(shownNs: readonly number[]): readonly StreamGap[] {
  const gaps: StreamGap[] = [];
  for (let i = 1; i < shownNs.length; i++) {
    const startNs = shownNs[i - 1]!;
    if (shownNs[i]! - startNs >= MIN_GAP_NS) gaps.push({ startNs, endNs: shownNs[i]! });
  }
  return gaps;
}

function nothingKept(
  packets: readonly RecordedPacket[],
  { startNs, endNs }: { readonly startNs: number; readonly endNs: number },
): VisualError {
  const keptFrom = packets.find(({ kind, isKey }) => kind === 'video' && isKey)?.tNs;
  const kept =
    keptFrom === undefined ? 'nothing is kept yet' : `the recording reaches back to ${keptFrom} ns`;
  return new VisualError(
    'VB_CLIP_OUTSIDE',
    `No picture from ${startNs} to ${endNs} ns was recorded: ${kept}. Ask earlier, or connect with a longer or larger recording.`,
    { details: { startNs, endNs, keptFromNs: keptFrom } },
  );
}
