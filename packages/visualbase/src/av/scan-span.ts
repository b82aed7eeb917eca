import type { Packet } from 'node-av/lib';
import { AV_PKT_FLAG_CORRUPT, AV_PKT_FLAG_DISCARD } from 'node-av/constants';
import { isIdr } from '../clip/h264-parameter-sets.ts';
import type { ScannedPacket, ScannedSpan } from '../clip/plan-cut.ts';
import type { Rational } from '../probe/media-info.ts';
import { nsToTicks, ticksToNs } from '../time/ns.ts';
import { canBeginAt, layoutOf, type PacketReader } from './packet-reader.ts';
import { ticksOf } from './video-decoder.ts';

/** No codec keeps back more pictures than this to sort them. */
const MOST_REORDERED = 32;

/**
 * Reads about the packets of a range of media time, from the key frame at which `reader` stands.
 * Nothing is decoded.
 *
 * @returns Undefined when the stream does not say when it starts.
 */
export function scanSpan(
  reader: PacketReader,
  startNs: number,
  endNs: number,
): ScannedSpan | undefined {
  const { stream } = reader;
  const { timeBase: timebase } = stream;
  const origin = ticksOf(stream.startTime);
  if (origin === undefined) return undefined;
  const span = {
    start: Number(origin + firstTickFrom(startNs, timebase)),
    end: Number(origin + firstTickFrom(endNs, timebase)),
  };
  const layout = layoutOf(stream);
  const hasIdr = (packet: Packet): boolean =>
    layout !== undefined && packet.data !== null && isIdr(packet.data, layout);
  const packets: ScannedPacket[] = [];
  const end = new EndOfSpan(span.end);
  for (let packet = reader.next(); packet !== undefined; packet = reader.next()) {
    const isKey = canBeginAt(packet, layout);
    const pts = toNumber(packet.pts);
    packets.push({
      pts,
      duration: Number(packet.duration),
      isKey,
      isIdr: isKey && hasIdr(packet),
      isHidden: packet.hasFlags(AV_PKT_FLAG_DISCARD),
      isDamaged: packet.hasFlags(AV_PKT_FLAG_CORRUPT),
    });
    if (end.isBehind(pts, toNumber(packet.dts))) break;
  }
  return { packets, ...span };
}

const toNumber = (ticks: bigint): number | undefined => {
  const known = ticksOf(ticks);
  return known === undefined ? undefined : Number(known);
};

/** Finds out when no packet to come can hold a picture before the end, or the first one behind it. */
class EndOfSpan {
  readonly #end: number;
  #latest = -Infinity;
  #isReached = false;
  #behindCount = 0;

  constructor(end: number) {
    this.#end = end;
  }

  isBehind(pts: number | undefined, dts: number | undefined): boolean {
    if (pts === undefined || pts < this.#end) this.#behindCount = 0;
    else this.#behindCount += 1;
    if (this.#behindCount > MOST_REORDERED) return true;
    const time = dts ?? -Infinity;
    if (this.#isReached) return time > this.#latest;
    this.#latest = Math.max(this.#latest, pts ?? -Infinity);
    this.#isReached = time >= this.#end;
    return this.#isReached && time > this.#latest;
  }
}

/** The first tick whose time, rounded to nanoseconds, is not before `tNs`. */
function firstTickFrom(tNs: number, { num, den }: Rational): bigint {
  let tick = nsToTicks(tNs, num, den);
  while (ticksToNs(tick, num, den) < tNs) tick += 1n;
  while (ticksToNs(tick - 1n, num, den) >= tNs) tick -= 1n;
  return tick;
}
