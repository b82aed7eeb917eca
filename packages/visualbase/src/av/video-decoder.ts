import { availableParallelism } from 'node:os';
import { Codec, CodecContext, Frame, type Packet, type Stream } from 'node-av/lib';
import {
  AV_FRAME_FLAG_CORRUPT,
  AV_NOPTS_VALUE,
  AVERROR_EAGAIN,
  AVERROR_EOF,
} from 'node-av/constants';
import { VisualError } from '../errors/visual-error.ts';
import { check } from './check.ts';

/** A decoder's timestamp, or undefined where it has none. */
export const ticksOf = (ticks: bigint): bigint | undefined =>
  ticks === AV_NOPTS_VALUE ? undefined : ticks;

/** One for each core: pictures are converted beside, so that more in flight only get in each other's way. */
const THREAD_COUNT = Math.min(16, availableParallelism());

/** One is enough for a sound decoder; the bound keeps a broken stream from holding the thread. */
const MAX_RESENDS = 16;

/**
 * Decodes the packets of one stream. Every picture that a packet yields is handed out before the
 * next packet is taken, and {@link VideoDecoder.flush} gives the last ones.
 */
export class VideoDecoder {
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  readonly #onPicture: ((picture: Frame) => void) | undefined;
  #skip = 'default';

  /** Packets that the decoder refused, and pictures it marked as damaged. */
  damagedPacketCount = 0;
  damagedPictureCount = 0;

  /**
   * @param onPicture - Gets each picture in presentation order; it is reused after the call. Not needed
   * with {@link VideoDecoder.pictures}.
   * @param delay - `low`: no picture is held back for the sake of speed.
   * @throws VisualError `VB_UNSUPPORTED_CODEC`.
   */
  constructor(stream: Stream, onPicture?: (picture: Frame) => void, delay: 'any' | 'low' = 'any') {
    this.#onPicture = onPicture;
    const codec = Codec.findDecoder(stream.codecpar.codecId);
    if (codec === null) {
      throw new VisualError(
        'VB_UNSUPPORTED_CODEC',
        `There is no decoder for this video's codec (id ${stream.codecpar.codecId}). Convert the file to H.264, HEVC, VP9 or AV1.`,
        { details: { codecId: stream.codecpar.codecId } },
      );
    }
    this.#frame.alloc();
    this.#context.allocContext3(codec);
    try {
      check(this.#context.parametersToContext(stream.codecpar), 'avcodec_parameters_to_context');
      this.#context.pktTimebase = stream.timeBase;
      this.#context.threadCount = THREAD_COUNT;
      // Threads that each decode a picture of their own give it as many pictures late.
      if (delay === 'low') check(this.#context.setOption('thread_type', 'slice'), 'thread_type');
      // Options go by setOption: open2Sync with a Dictionary is freed twice by the binding.
      check(this.#context.open2Sync(codec, null), 'avcodec_open2');
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** How much the decoder may leave out from the next packet on: nothing, or what no other picture needs. */
  set skip(what: 'nothing' | 'unreferenced') {
    const value = what === 'nothing' ? 'default' : 'noref';
    if (value === this.#skip) return;
    this.#skip = value;
    this.#context.setOption('skip_frame', value);
  }

  /** Both together. */
  get damageCount(): number {
    return this.damagedPacketCount + this.damagedPictureCount;
  }

  /** Decodes one packet. A refused packet is counted, not thrown. */
  decode(packet: Packet): void {
    for (const picture of this.pictures(packet)) this.#onPicture?.(picture);
  }

  /** Gives the pictures that the decoder still holds. */
  flush(): void {
    for (const picture of this.pictures(null)) this.#onPicture?.(picture);
  }

  /**
   * Decodes one packet and gives the pictures that come of it, in presentation order; each is reused
   * when the next one is asked for. A refused packet is counted, not thrown.
   *
   * @param packet - Null at the end, for the pictures that the decoder still holds.
   */
  *pictures(packet: Packet | null): Generator<Frame, void, undefined> {
    let sent = this.#context.sendPacketSync(packet);
    yield* this.#received();
    // A full decoder takes the same packet again once it has been drained.
    for (let i = 0; sent === AVERROR_EAGAIN && i < MAX_RESENDS; i++) {
      sent = this.#context.sendPacketSync(packet);
      yield* this.#received();
    }
    if (sent < 0 && packet !== null) this.damagedPacketCount += 1;
  }

  /** Forgets everything, for packets that do not follow on from the last. */
  reset(): void {
    this.#context.flushBuffers();
  }

  /** Frees the native decoder. */
  free(): void {
    this.#context.freeContext();
    this.#frame.free();
  }

  *#received(): Generator<Frame, void, undefined> {
    const frame = this.#frame;
    for (;;) {
      const received = this.#context.receiveFrameSync(frame);
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF) return;
      if (received < 0) {
        this.damagedPacketCount += 1;
        return;
      }
      if (frame.decodeErrorFlags !== 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) !== 0) {
        this.damagedPictureCount += 1;
      }
      yield frame;
      frame.unref();
    }
  }
}
