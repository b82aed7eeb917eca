import { Frame } from 'node-av/lib';
import { AV_PIX_FMT_RGB24, AVCOL_RANGE_JPEG, AVCOL_SPC_RGB } from 'node-av/constants';
import type { LiveMessage, PushJob, StreamGap } from '../live/live-job.ts';
import { nsToTicks } from '../time/ns.ts';
import { check } from './check.ts';
import { CutQueue } from './cut-queue.ts';
import { PacketRecorder } from './packet-recorder.ts';
import { PictureRecorder } from './picture-recorder.ts';

/** Fine enough for any clock, coarse enough for any container. */
const TIMEBASE = { num: 1, den: 1_000_000 };

/** Keeps the recent past of pictures that a program pushes. */
export class PushRecording {
  /** Requests to cut. */
  readonly cuts: CutQueue;
  readonly #job: PushJob;
  readonly #recorder: PacketRecorder;
  readonly #pictures: PictureRecorder;
  readonly #frame = new Frame();

  constructor(job: PushJob, answer: (message: LiveMessage) => void) {
    this.#job = job;
    const { width, height } = job;
    this.#pictures = new PictureRecorder({ width, height, timebase: TIMEBASE, fps: 0 });
    this.#recorder = new PacketRecorder(job.record);
    this.#recorder.begin({ video: this.#pictures.parameters(), audio: undefined });
    this.cuts = new CutQueue(this.#recorder, answer);
    this.#frame.alloc();
  }

  /** What can be cut from. */
  get range(): StreamGap | undefined {
    return this.#recorder.range;
  }

  /** Keeps a picture: RGB24 without gaps between the rows. */
  add(tNs: number, data: Uint8Array): void {
    const frame = this.#frame;
    frame.unref();
    frame.width = this.#job.width;
    frame.height = this.#job.height;
    frame.format = AV_PIX_FMT_RGB24;
    frame.colorSpace = AVCOL_SPC_RGB;
    frame.colorRange = AVCOL_RANGE_JPEG;
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    check(frame.fromBuffer(bytes), 'av_frame_copy');
    frame.pts = nsToTicks(tNs, TIMEBASE.num, TIMEBASE.den);
    this.#pictures.add(frame, this.#recorder);
    this.cuts.onProgress();
  }

  /** Frees everything native. */
  close(): void {
    this.cuts.finish();
    this.#pictures.free();
    this.#recorder.close();
    this.#frame.free();
  }
}
