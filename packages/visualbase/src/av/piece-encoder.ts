import type { Frame, Packet, Stream } from 'node-av/lib';
import {
  AV_FRAME_FLAG_INTERLACED,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import type { ClipJob } from '../clip/clip-job.ts';
import type { Rational } from '../probe/media-info.ts';
import { Encoder } from './encoder.ts';
import { ticksOf, VideoDecoder } from './video-decoder.ts';

// More would take the cores from the analysis that runs beside.
const ENCODER_THREADS = 2;

/** What {@link PieceEncoder} needs to know. */
export interface PieceSettings extends Pick<ClipJob, 'crf' | 'preset'> {
  readonly stream: Stream;
  readonly sampleAspectRatio: Rational;
  /** Number of the parameter sets, one that the source's packets do not use. */
  readonly setId: number;
}

/** Raised when a source turns out not to be what its packets announced. */
export class NotAsPlanned extends Error {}

/**
 * Decodes a piece of an H.264 stream and encodes some of its pictures anew, in the format of the
 * source, so that they can stand beside packets of the source. No picture is reordered.
 */
export class PieceEncoder {
  readonly #encoder: Encoder;
  readonly #decoder: VideoDecoder;
  readonly #stream: Stream;
  readonly #onPacket: (packet: Packet) => void;
  #wanted: readonly number[] = [];
  #doneCount = 0;

  /** @param onPacket - Gets each packet, with `pts` in the stream's ticks; reused after the call. */
  constructor(settings: PieceSettings, onPacket: (packet: Packet) => void) {
    this.#stream = settings.stream;
    this.#onPacket = onPacket;
    this.#encoder = openEncoder(settings);
    try {
      this.#decoder = new VideoDecoder(settings.stream, (picture) => this.#onPicture(picture));
    } catch (error) {
      this.#encoder.free();
      throw error;
    }
  }

  /** The encoder's parameter sets, with start codes. */
  get extradata(): Buffer {
    return this.#encoder.context.extraData ?? Buffer.alloc(0);
  }

  /** Says which pictures to encode: times in ticks, in order. */
  want(times: readonly number[]): void {
    this.#wanted = times;
  }

  /** Decodes a packet of the source. Damage makes the piece useless. */
  decode(packet: Packet): void {
    const first = this.#wanted[0] ?? Infinity;
    this.#decoder.skip = Number(packet.pts) < first ? 'unreferenced' : 'nothing';
    this.#decoder.decode(packet);
  }

  /** Gives the last packets. @throws NotAsPlanned when pictures are lacking. */
  finish(): void {
    this.#decoder.flush();
    this.#encoder.encode(null, this.#onPacket);
    if (this.#doneCount === this.#wanted.length) return;
    throw new NotAsPlanned(
      `${this.#doneCount} of ${this.#wanted.length} pictures could be decoded`,
    );
  }

  /** Frees what is native. */
  free(): void {
    this.#decoder.free();
    this.#encoder.free();
  }

  #onPicture(picture: Frame): void {
    const ticks = ticksOf(picture.bestEffortTimestamp);
    const wanted = this.#wanted[this.#doneCount];
    if (ticks === undefined || wanted === undefined || Number(ticks) < wanted) return;
    const { width, height } = this.#stream.codecpar;
    const isUsual =
      picture.format === AV_PIX_FMT_YUV420P &&
      picture.width === width &&
      picture.height === height &&
      !picture.hasFlags(AV_FRAME_FLAG_INTERLACED);
    if (!isUsual || Number(ticks) !== wanted || this.#decoder.damageCount > 0) {
      throw new NotAsPlanned(`the picture at tick ${ticks} is not the one expected at ${wanted}`);
    }
    this.#doneCount += 1;
    picture.pts = ticks;
    picture.duration = 0n;
    picture.pictType = AV_PICTURE_TYPE_NONE; // the encoder decides anew
    this.#encoder.encode(picture, this.#onPacket);
  }
}

function openEncoder({ stream, sampleAspectRatio, setId, crf, preset }: PieceSettings): Encoder {
  const { codecpar, timeBase, avgFrameRate } = stream;
  const { num, den } = avgFrameRate;
  return Encoder.video({
    encoder: FF_ENCODER_LIBX264,
    threadCount: ENCODER_THREADS,
    wantsGlobalHeader: true,
    timebase: { num: timeBase.num, den: timeBase.den },
    frameRate: num > 0 && den > 0 ? { num, den } : { num: 25, den: 1 },
    width: codecpar.width,
    height: codecpar.height,
    pixelFormat: AV_PIX_FMT_YUV420P,
    colorRange: codecpar.colorRange,
    colorSpace: codecpar.colorSpace,
    colorPrimaries: codecpar.colorPrimaries,
    colorTransfer: codecpar.colorTrc,
    sampleAspectRatio,
    options: { crf: String(crf), preset, bf: '0', 'x264-params': `sps-id=${setId}` },
  });
}
