import { extname } from 'node:path';
import { withBinding } from '../av/binding.ts';
import type { TestAudio, TestAudioCodec } from '../av/test-audio-track.ts';
import type { TestPixelFormat, TestVideoCodec } from '../av/write-test-video.ts';
import type { Rational } from '../probe/media-info.ts';
import { NS_PER_SEC, nsToTicks, ticksToNs } from '../time/ns.ts';
import { renderBeeps } from './beeps.ts';
import { MAX_FRAME_INDEX } from './frame-code.ts';
import { PicturePainter, type VideoPattern } from './picture-painter.ts';
import { turnPicture } from './turn-picture.ts';

/** Options of {@link makeVideo}. */
export interface MakeVideoOptions {
  /** Where to write; the ending chooses the container (`.mp4`, `.mkv`, `.webm`, `.avi`, `.gif`, `.ts`, ...). */
  readonly path: string;
  /** Pixels of the upright picture. Default 320 x 240. */
  readonly width?: number;
  readonly height?: number;
  /** Pictures per second, such as 30 or `{ num: 30000, den: 1001 }`. Default 30. */
  readonly fps?: number | Rational;
  /** Default 60. */
  readonly frameCount?: number;
  /** Times of the pictures in whole milliseconds, increasing from 0, instead of an even rate. */
  readonly timesMs?: readonly number[];
  /** Default by container: `gif`, `vp9` in `.webm`, else `h264`. */
  readonly codec?: TestVideoCodec;
  /** Default `rgb8` for GIF, `yuvj420p` for MJPEG, else `yuv420p`. */
  readonly pixelFormat?: TestPixelFormat;
  /** Pictures from one key frame to the next. Default 30. */
  readonly gop?: number;
  /** B pictures between two others, for H.264, MPEG-4 and MPEG-2. Default 2 for H.264, else 0. */
  readonly bFrames?: number;
  /** Whether pictures stored after a key frame may refer back beyond it. Default: as the encoder likes. */
  readonly openGop?: boolean;
  /** Pictures of two fields each, for H.264 and MPEG-2. Default false. */
  readonly interlaced?: boolean;
  /** A still picture that goes with the file, in MP4. Default false. */
  readonly cover?: boolean;
  /** Clockwise turn that a player has to apply; the pictures are stored turned the other way. Default 0. */
  readonly rotationDeg?: 0 | 90 | 180 | 270;
  /** Time of the first picture and sample on the container's clock. Default 0. */
  readonly startOffsetSec?: number;
  /** What moves behind the frame code. Default `texture`. */
  readonly pattern?: VideoPattern;
  /** A soundtrack of beeps, see `listBeeps`. Default none. */
  readonly audio?: boolean | MakeAudioOptions;
}

/** The soundtrack of {@link makeVideo}. */
export interface MakeAudioOptions {
  /** Default `opus` in `.webm`, else `aac`. */
  readonly codec?: TestAudioCodec;
  /** Default 48000. */
  readonly sampleRateHz?: number;
  /** Default: as long as the pictures. */
  readonly durationSec?: number;
  /** Time of the first sample after the first picture. Default 0. */
  readonly delaySec?: number;
}

/** What {@link makeVideo} made. */
export interface MadeVideo {
  readonly path: string;
  /**
   * Time of each picture from the start of the video, before the container rounds it: Matroska and
   * WebM to milliseconds, GIF to hundredths of a second.
   */
  readonly timesNs: readonly number[];
}

/**
 * Writes a real video file whose pictures carry their own index, which `readFrameIndex` reads back:
 * tests can tell exactly which picture of the source they got.
 *
 * @throws RangeError for options that make no video; VisualError `VB_FFMPEG` when FFmpeg refuses the
 * combination of codec, pixel format, size and container.
 */
export async function makeVideo(options: MakeVideoOptions): Promise<MadeVideo> {
  const { writeTestVideo } = await withBinding(() => import('../av/write-test-video.ts'));
  const { path, width = 320, height = 240, rotationDeg = 0, startOffsetSec = 0 } = options;
  const codec = options.codec ?? defaultCodec(path);
  const { timebase, frameRate, ticks, lastDuration } = timing(options, codec);
  if (ticks.length === 0 || ticks.length - 1 > MAX_FRAME_INDEX) {
    throw new RangeError(
      `A video needs 1 to ${MAX_FRAME_INDEX + 1} pictures, got ${ticks.length}.`,
    );
  }
  const { num, den } = timebase;
  const timesNs = ticks.map((tick) => ticksToNs(tick, num, den));
  const offset = nsToTicks(startOffsetSec * NS_PER_SEC, num, den);
  const durationSec = (timesNs.at(-1)! + ticksToNs(lastDuration, num, den)) / NS_PER_SEC;
  const isTurned = rotationDeg === 90 || rotationDeg === 270;
  await writeTestVideo({
    path,
    codec,
    pixelFormat: options.pixelFormat ?? defaultPixelFormat(codec),
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    timebase,
    frameRate,
    ticks: ticks.map((tick) => tick + offset),
    lastDuration,
    gop: options.gop ?? 30,
    bFrames: options.bFrames ?? (codec === 'h264' ? 2 : 0),
    isGopOpen: options.openGop,
    isInterlaced: options.interlaced ?? false,
    hasCover: options.cover ?? false,
    rotationDeg,
    audio: audioOf(options, startOffsetSec, durationSec),
    paint: paintWith(new PicturePainter(width, height, options.pattern ?? 'texture'), {
      width,
      height,
      rotationDeg,
    }),
  });
  return { path, timesNs };
}

function defaultCodec(path: string): TestVideoCodec {
  const ending = extname(path).toLowerCase();
  return ending === '.gif' ? 'gif' : ending === '.webm' ? 'vp9' : 'h264';
}

function defaultPixelFormat(codec: TestVideoCodec): TestPixelFormat {
  return codec === 'gif' ? 'rgb8' : codec === 'mjpeg' ? 'yuvj420p' : 'yuv420p';
}

interface Timing {
  readonly timebase: Rational;
  readonly frameRate: Rational;
  readonly ticks: readonly bigint[];
  readonly lastDuration: bigint;
}

function timing(options: MakeVideoOptions, codec: TestVideoCodec): Timing {
  const { fps = 30, frameCount = 60, timesMs, startOffsetSec = 0 } = options;
  const frameRate = typeof fps === 'number' ? { num: fps, den: 1 } : fps;
  if (timesMs !== undefined) {
    const ticks = timesMs.map((timeMs) => BigInt(timeMs));
    const lastDuration = ticks.length > 1 ? ticks.at(-1)! - ticks.at(-2)! : 40n;
    const timebase = codec === 'gif' ? { num: 1, den: 100 } : { num: 1, den: 1000 };
    return codec === 'gif'
      ? { timebase, frameRate, ticks: ticks.map((t) => t / 10n), lastDuration: lastDuration / 10n }
      : { timebase, frameRate, ticks, lastDuration };
  }
  // One tick a picture; finer where the offset would not fit, which AVI could not hold.
  const ticksPerFrame = startOffsetSec === 0 ? 1 : 100;
  const timebase = { num: frameRate.den, den: frameRate.num * ticksPerFrame };
  const ticks = Array.from({ length: frameCount }, (_, i) => BigInt(i * ticksPerFrame));
  return { timebase, frameRate, ticks, lastDuration: BigInt(ticksPerFrame) };
}

function audioOf(
  { audio = false, path }: MakeVideoOptions,
  startOffsetSec: number,
  videoSec: number,
): TestAudio | undefined {
  if (audio === false) return undefined;
  const wanted = audio === true ? {} : audio;
  const sampleRateHz = wanted.sampleRateHz ?? 48_000;
  return {
    codec: wanted.codec ?? (extname(path).toLowerCase() === '.webm' ? 'opus' : 'aac'),
    sampleRateHz,
    startSec: startOffsetSec + (wanted.delaySec ?? 0),
    durationSec: wanted.durationSec ?? videoSec,
    render: (firstSample, count) => renderBeeps(firstSample, count, sampleRateHz),
  };
}

function paintWith(
  painter: PicturePainter,
  shape: Required<Pick<MakeVideoOptions, 'width' | 'height' | 'rotationDeg'>>,
): (index: number) => Buffer {
  const { width, height, rotationDeg } = shape;
  const picture = new Uint8Array(painter.byteLength);
  return (index) => {
    painter.paint(index, picture);
    const stored = rotationDeg === 0 ? picture : turnPicture(picture, width, height, rotationDeg);
    return Buffer.from(stored.buffer);
  };
}
