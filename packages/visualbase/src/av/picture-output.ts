import { availableParallelism } from 'node:os';
import { Frame } from 'node-av/lib';
import type { VideoInfo } from '../probe/media-info.ts';
import { check } from './check.ts';
import { RgbScaler } from './rgb-scaler.ts';
import { Rotator } from './rotator.ts';

/** Where the pictures go. */
export interface PictureSink {
  /** True when no more pictures are wanted. */
  readonly isStopped: boolean;
  /** Gives a buffer to convert into, waiting for room; undefined when no more pictures are wanted. */
  claim(): { readonly slot: number; readonly pixels: Buffer } | undefined;
  /** Takes the converted picture. */
  publish(slot: number, tNs: number, frameId: number): void;
  /** Called now and then while no picture comes. */
  tick(): void;
}

/** Below this many pixels, read and written, handing a picture to another thread costs more than it gains. */
const MIN_PIXELS_BESIDE = 250_000;
const HAS_ROOM_BESIDE = availableParallelism() > 1;

/**
 * Turns pictures upright, converts and publishes them. A large one is converted beside the decoding
 * of those that follow, one at a time: it is published by the next {@link PictureOutput.settle}.
 */
export class PictureOutput {
  readonly #sink: PictureSink;
  readonly #rotator: Rotator;
  readonly #scaler: RgbScaler;
  /** Holds the picture that is being converted, while the decoder fills its frame anew. */
  readonly #source = new Frame();
  #running: { readonly publish: () => void; readonly done: Promise<unknown> } | undefined;

  /** Pictures published or about to be. */
  count = 0;

  constructor(
    sink: PictureSink,
    size: { readonly width: number; readonly height: number },
    rotationDeg: VideoInfo['rotationDeg'],
  ) {
    this.#sink = sink;
    this.#rotator = new Rotator(rotationDeg);
    this.#scaler = new RgbScaler(size.width, size.height);
    this.#source.alloc();
  }

  /** Takes a picture over; the caller may reuse it. Dropped when the sink wants no more. */
  async add(picture: Frame, tNs: number, frameId: number): Promise<void> {
    await this.settle();
    const room = this.#sink.claim();
    if (room === undefined) return;
    this.count += 1;
    const { slot, pixels } = room;
    const upright = this.#rotator.turn(picture);
    const pixelCount = upright.width * upright.height + this.#scaler.width * this.#scaler.height;
    if (!HAS_ROOM_BESIDE || pixelCount < MIN_PIXELS_BESIDE) {
      this.#scaler.convert(upright, pixels);
      this.#sink.publish(slot, tNs, frameId);
      return;
    }
    check(this.#source.ref(upright), 'av_frame_ref');
    this.#running = {
      publish: () => this.#sink.publish(slot, tNs, frameId),
      // Looked at later, and until then no unhandled rejection.
      done: this.#scaler.convertBeside(this.#source, pixels).catch((error: unknown) => error),
    };
  }

  /** Waits for the picture that is being converted and publishes it. */
  async settle(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    const error = await running.done;
    this.#running = undefined;
    this.#source.unref();
    if (error !== undefined) throw error as Error;
    running.publish();
  }

  /** Frees what is native, once nothing is being converted any more. */
  async free(): Promise<void> {
    await this.#running?.done;
    this.#source.free();
    this.#rotator.free();
    this.#scaler.free();
  }
}
