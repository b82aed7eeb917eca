import { AV_PKT_FLAG_DISCARD } from 'node-av/constants';
import type { Frame, Packet } from 'node-av/lib';
import type { DecodeJob } from '../decode/decode-job.ts';
import { DecodeOrderTimes } from '../decode/decode-order-times.ts';
import { FrameClock } from '../decode/frame-clock.ts';
import { PictureIndex } from '../decode/picture-index.ts';
import { SampleGrid } from '../decode/sample-grid.ts';
import type { OpenedInput } from './open-input.ts';
import { ticksOf } from './video-decoder.ts';

/** What becomes of a picture that was decoded. */
export type Verdict =
  | { readonly kind: 'wanted'; readonly tNs: number; readonly frameId: number }
  | { readonly kind: 'unwanted' }
  /** Out of order: made up by the decoder behind damage. */
  | { readonly kind: 'misplaced' }
  /** Nothing from here on is wanted. */
  | { readonly kind: 'behind-end' };

const UNWANTED: Verdict = { kind: 'unwanted' };

/** Gives decoded pictures their time and index, and tells which of them the job wants. */
export class PictureJudge {
  readonly #job: Pick<DecodeJob, 'startNs' | 'endNs'>;
  readonly #codec: string;
  readonly #clock: FrameClock;
  readonly #index = new PictureIndex();
  readonly #grid: SampleGrid | undefined;
  #decodeOrder: DecodeOrderTimes | undefined;
  #isFirstPacket = true;
  #lastTicks: bigint | undefined;

  constructor({ video, info }: OpenedInput, job: Pick<DecodeJob, 'fps' | 'startNs' | 'endNs'>) {
    this.#job = job;
    this.#codec = info.video.codec;
    const { num, den } = video.timeBase;
    this.#clock = new FrameClock({ num, den }, ticksOf(video.startTime), info.video.fps);
    this.#grid = job.fps === undefined ? undefined : new SampleGrid(job.fps, job.startNs);
  }

  /** Whether the container says when packets are decoded and not when they are shown. */
  get isInDecodeOrder(): boolean {
    return this.#decodeOrder !== undefined;
  }

  /** Pictures whose time was missing or did not increase, and had to be made up. */
  get repairedTimeCount(): number {
    return this.#clock.repairedCount;
  }

  /** Records a packet, in the order of the file. */
  addPacket(packet: Packet): void {
    const pts = ticksOf(packet.pts);
    const dts = ticksOf(packet.dts);
    if (this.#isFirstPacket && pts === undefined && dts !== undefined) {
      this.#decodeOrder = new DecodeOrderTimes(dts);
    }
    this.#isFirstPacket = false;
    if (isShown(packet, this.#codec)) this.#index.addPacket(pts);
  }

  /**
   * Judges the next picture in presentation order.
   *
   * @param hasDamage - Behind damage a decoder may give pictures out of order, or make some up: there
   * is no time for them.
   */
  judge(picture: Frame, hasDamage: boolean): Verdict {
    const label = ticksOf(picture.bestEffortTimestamp);
    const ticks = this.#decodeOrder?.next(label, picture.duration) ?? label;
    const isLate = ticks !== undefined && this.#lastTicks !== undefined && ticks <= this.#lastTicks;
    if (isLate && hasDamage) return { kind: 'misplaced' };
    this.#lastTicks = ticks;
    const tNs = this.#clock.next(ticks);
    const frameId = this.#index.next(ticks);
    if (tNs < this.#job.startNs) return UNWANTED;
    if (tNs >= this.#job.endNs) return { kind: 'behind-end' };
    if (this.#grid !== undefined && !this.#grid.take(tNs)) return UNWANTED;
    return { kind: 'wanted', tNs, frameId };
  }
}

/** Whether a packet holds a picture to be shown, and not one that others only refer to. */
function isShown(packet: Packet, codec: string): boolean {
  if (packet.hasFlags(AV_PKT_FLAG_DISCARD)) return false;
  // Bit 4 of a VP8 frame's first byte: show_frame (RFC 6386, 9.1).
  return codec !== 'vp8' || ((packet.data?.[0] ?? 0) & 0x10) !== 0;
}
