import { Frame } from 'node-av/lib';
import {
  AV_FRAME_FLAG_INTERLACED,
  AV_FRAME_FLAG_TOP_FIELD_FIRST,
  AV_PIX_FMT_RGB8,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_RGB,
  AVCOL_SPC_SMPTE170M,
  FF_ENCODER_FFV1,
  FF_ENCODER_GIF,
  FF_ENCODER_LIBSVTAV1,
  FF_ENCODER_LIBVPX_VP8,
  FF_ENCODER_LIBVPX_VP9,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
  FF_ENCODER_MJPEG,
  FF_ENCODER_MPEG2VIDEO,
  FF_ENCODER_MPEG4,
  type AVPixelFormat,
  type FFVideoEncoder,
} from 'node-av/constants';
import type { Rational as Fraction } from '../probe/media-info.ts';
import { check } from './check.ts';
import { CoverTrack } from './cover-track.ts';
import { Muxer } from './muxer.ts';
import { PictureConverter } from './picture-converter.ts';
import { TestAudioTrack, type TestAudio } from './test-audio-track.ts';
import { VideoTrack } from './video-track.ts';

/** Codecs that test videos can have. */
export type TestVideoCodec =
  'h264' | 'hevc' | 'av1' | 'vp8' | 'vp9' | 'mpeg4' | 'mpeg2' | 'mjpeg' | 'gif' | 'ffv1';

/** Pixel formats that test videos can have; not every codec takes every one. */
export type TestPixelFormat = 'yuv420p' | 'yuvj420p' | 'yuv444p' | 'yuv420p10le' | 'rgb8';

/** What {@link writeTestVideo} writes, all defaults filled in. */
export interface TestVideoSpec {
  readonly path: string;
  readonly codec: TestVideoCodec;
  readonly pixelFormat: TestPixelFormat;
  /** Size of the stored picture. */
  readonly width: number;
  readonly height: number;
  /** Unit of the picture times. */
  readonly timebase: Fraction;
  readonly frameRate: Fraction;
  /** Time of each picture in ticks, increasing. */
  readonly ticks: readonly bigint[];
  /** Ticks that the last picture is shown. */
  readonly lastDuration: bigint;
  readonly gop: number;
  readonly bFrames: number;
  /** Whether pictures stored after a key frame may refer back beyond it; undefined leaves it to the encoder. */
  readonly isGopOpen: boolean | undefined;
  readonly isInterlaced: boolean;
  /** Whether a still picture goes with the file, as music players show it. */
  readonly hasCover: boolean;
  /** Clockwise turn that a player has to apply. */
  readonly rotationDeg: 0 | 90 | 180 | 270;
  readonly audio: TestAudio | undefined;
  /** Gives picture `index`, planar YUV 4:2:0, limited range, rows without padding. */
  readonly paint: (index: number) => Buffer;
}

const ENCODERS: Readonly<Record<TestVideoCodec, FFVideoEncoder>> = {
  h264: FF_ENCODER_LIBX264,
  hevc: FF_ENCODER_LIBX265,
  av1: FF_ENCODER_LIBSVTAV1,
  vp8: FF_ENCODER_LIBVPX_VP8,
  vp9: FF_ENCODER_LIBVPX_VP9,
  mpeg4: FF_ENCODER_MPEG4,
  mpeg2: FF_ENCODER_MPEG2VIDEO,
  mjpeg: FF_ENCODER_MJPEG,
  gif: FF_ENCODER_GIF,
  ffv1: FF_ENCODER_FFV1,
};

// Fast above all; the codes in the pictures are large enough to survive any of these.
const SPEED: Readonly<Record<TestVideoCodec, Readonly<Record<string, string>>>> = {
  h264: { preset: 'ultrafast', crf: '23' },
  hevc: { preset: 'ultrafast', 'x265-params': 'log-level=none' },
  av1: { preset: '12', 'svtav1-params': 'lp=1' },
  vp8: { deadline: 'realtime', 'cpu-used': '8', 'lag-in-frames': '0' },
  vp9: { deadline: 'realtime', 'cpu-used': '8', 'lag-in-frames': '0' },
  mpeg4: {},
  mpeg2: {},
  mjpeg: {},
  gif: {},
  ffv1: {},
};

const PIXEL_FORMATS: Readonly<Record<TestPixelFormat, AVPixelFormat>> = {
  yuv420p: AV_PIX_FMT_YUV420P,
  yuvj420p: AV_PIX_FMT_YUVJ420P,
  yuv444p: AV_PIX_FMT_YUV444P,
  yuv420p10le: AV_PIX_FMT_YUV420P10LE,
  rgb8: AV_PIX_FMT_RGB8,
};

// Enough for the event loop to stay responsive while a long video is written.
const PICTURES_PER_TURN = 8;

/** Writes a video whose pictures come from a function. */
export async function writeTestVideo(spec: TestVideoSpec): Promise<void> {
  // The AV1 encoder writes to stderr itself: errors only.
  process.env['SVT_LOG'] ??= '1';
  const muxer = Muxer.open({ path: spec.path });
  const frame = new Frame();
  frame.alloc();
  let track: VideoTrack | undefined;
  let converter: PictureConverter | undefined;
  let audio: TestAudioTrack | undefined;
  let cover: CoverTrack | undefined;
  try {
    track = new VideoTrack(muxer, settingsOf(spec));
    if (spec.pixelFormat !== 'yuv420p') converter = new PictureConverter(layoutOf(spec));
    if (spec.rotationDeg !== 0) {
      const matrix = displayMatrix(spec.rotationDeg);
      track.stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, matrix);
    }
    audio = spec.audio && new TestAudioTrack(spec.audio, muxer);
    if (spec.hasCover) cover = new CoverTrack(muxer);
    muxer.start();
    cover?.write();
    for (let index = 0; index < spec.ticks.length; index++) {
      fill(frame, spec, index);
      track.encode(converter?.convert(frame) ?? frame);
      audio?.writeUntil((Number(frame.pts) * spec.timebase.num) / spec.timebase.den);
      if (index % PICTURES_PER_TURN === PICTURES_PER_TURN - 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    track.finish(spec.ticks.at(-1)! + spec.lastDuration - spec.ticks[0]!);
    audio?.finish();
    muxer.finish();
  } finally {
    cover?.free();
    audio?.free();
    converter?.free();
    track?.free();
    frame.free();
    muxer.close();
  }
}

function fill(frame: Frame, spec: TestVideoSpec, index: number): void {
  const ticks = spec.ticks[index]!;
  frame.unref();
  frame.width = spec.width;
  frame.height = spec.height;
  frame.format = AV_PIX_FMT_YUV420P;
  check(frame.getBuffer(), 'av_frame_get_buffer');
  check(frame.fromBuffer(spec.paint(index)), 'av_frame_copy');
  frame.colorRange = AVCOL_RANGE_MPEG;
  frame.colorSpace = AVCOL_SPC_SMPTE170M;
  if (spec.isInterlaced) frame.setFlags(AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST);
  frame.pts = ticks;
  frame.duration = (spec.ticks[index + 1] ?? ticks + spec.lastDuration) - ticks;
}

function settingsOf(spec: TestVideoSpec): ConstructorParameters<typeof VideoTrack>[1] {
  const { colorRange, colorSpace } = layoutOf(spec);
  return {
    encoder: ENCODERS[spec.codec],
    timebase: spec.timebase,
    frameRate: spec.frameRate,
    width: spec.width,
    height: spec.height,
    pixelFormat: PIXEL_FORMATS[spec.pixelFormat],
    colorRange,
    colorSpace,
    gop: spec.gop,
    ...(spec.bFrames > 0 && { maxBFrames: spec.bFrames }),
    // Small pictures of the older codecs would be smeared by the default bit rate.
    ...((spec.codec === 'mpeg4' || spec.codec === 'mpeg2') && {
      bitRate: Math.max(2_000_000, spec.width * spec.height * 8),
    }),
    options: {
      ...SPEED[spec.codec],
      // ultrafast switches B pictures off; this switches them on again, placed regularly.
      ...(spec.codec === 'h264' && {
        bf: String(spec.bFrames),
        b_strategy: '0',
        sc_threshold: '0',
      }),
      ...structureOf(spec),
    },
  };
}

/** How the encoder is told about groups and fields, each in its own way. */
function structureOf({
  codec,
  isGopOpen,
  isInterlaced,
}: TestVideoSpec): Readonly<Record<string, string>> {
  const open = isGopOpen === undefined ? [] : [`open-gop=${isGopOpen ? 1 : 0}`];
  if (codec === 'hevc') return { 'x265-params': ['log-level=none', ...open].join(':') };
  if (codec === 'h264') {
    const params = [...open, ...(isInterlaced ? ['tff=1'] : [])];
    return params.length === 0 ? {} : { 'x264-params': params.join(':') };
  }
  const flags = [
    ...(isGopOpen === false ? ['+cgop'] : []),
    ...(isInterlaced ? ['+ildct+ilme'] : []),
  ];
  return {
    ...(flags.length > 0 && { flags: flags.join('') }),
    // These encoders close groups only where they do not look for changes of scene.
    ...(isGopOpen === false && { sc_threshold: '1000000000' }),
  };
}

function layoutOf(spec: TestVideoSpec): ConstructorParameters<typeof PictureConverter>[0] {
  const isRgb = spec.pixelFormat === 'rgb8';
  const isFull = isRgb || spec.pixelFormat === 'yuvj420p';
  return {
    width: spec.width,
    height: spec.height,
    pixelFormat: PIXEL_FORMATS[spec.pixelFormat],
    colorRange: isFull ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG,
    colorSpace: isRgb ? AVCOL_SPC_RGB : AVCOL_SPC_SMPTE170M,
  };
}

/** Nine fixed-point numbers (16.16, the last column 2.30) that turn a picture clockwise. */
function displayMatrix(rotationDeg: number): Buffer {
  const angleRad = (rotationDeg * Math.PI) / 180;
  const cos = Math.round(Math.cos(angleRad) * 65536);
  const sin = Math.round(Math.sin(angleRad) * 65536);
  const matrix = Int32Array.of(cos, sin, 0, -sin, cos, 0, 0, 0, 1 << 30);
  return Buffer.from(matrix.buffer);
}
