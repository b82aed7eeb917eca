import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  avGetCodecName,
  avGetPixFmtName,
  Dictionary,
  FFmpegError,
  FormatContext,
  Log,
  type Stream,
} from 'node-av/lib';
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVDISCARD_ALL,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  type AVMediaType,
} from 'node-av/constants';
import { VisualError } from '../errors/visual-error.ts';
import type { MediaInfo, VideoInfo } from '../probe/media-info.ts';
import { ticksToNs, tryTicksToNs } from '../time/ns.ts';

// FFmpeg would write its own lines to stderr; what matters comes back as errors and damage counts.
Log.setLevel(AV_LOG_QUIET);

/** An open file with its best video stream, and its best audio stream if it has one. */
export interface OpenedInput {
  readonly context: FormatContext;
  readonly video: Stream;
  readonly audio: Stream | undefined;
  readonly info: MediaInfo;
}

// Formats that would follow references to other files or the network, and FFmpeg's text-art readers,
// which take any .txt for a video. A media file is one file.
const REFUSED_FORMATS = new Set([
  'hls',
  'dash',
  'concat',
  'concatf',
  'imf',
  'rtsp',
  'sdp',
  'tty',
  'bin',
  'xbin',
  'adf',
  'idf',
]);

async function checkFile(path: string): Promise<number> {
  const stats = await stat(path).catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const isMissing = reason === 'ENOENT' || reason === 'ENOTDIR';
    throw new VisualError(
      isMissing ? 'VB_FILE_NOT_FOUND' : 'VB_FILE_UNREADABLE',
      isMissing
        ? `There is no file at ${path}. Check the path; the current directory is ${process.cwd()}.`
        : `${path} cannot be read (${reason}). Check its permissions.`,
      { cause, details: { path } },
    );
  });
  if (!stats.isFile()) {
    const kind = stats.isDirectory() ? 'a folder' : 'not a regular file';
    throw new VisualError(
      'VB_FILE_UNREADABLE',
      `${path} is ${kind}. Give the path of one video file.`,
      { details: { path } },
    );
  }
  if (stats.size === 0) {
    throw new VisualError(
      'VB_FILE_EMPTY',
      `${path} is empty (0 bytes). Copy or download it again.`,
      {
        details: { path },
      },
    );
  }
  return stats.size;
}

/**
 * Opens a media file and finds its streams; every other stream is discarded in the demuxer. The
 * caller owns the result and closes it with {@link closeInput}.
 *
 * @throws VisualError `VB_FILE_NOT_FOUND`, `VB_FILE_UNREADABLE`, `VB_FILE_EMPTY`, `VB_NOT_MEDIA` or
 * `VB_NO_VIDEO`.
 */
export async function openInput(path: string): Promise<OpenedInput> {
  const sizeBytes = await checkFile(path);
  const context = new FormatContext();
  // Without this interrupt() cannot break a blocked read.
  context.allocContext();
  try {
    // `file:` keeps FFmpeg from reading "a:b.mp4" as a protocol, the whitelist from following links.
    const options = Dictionary.fromObject({ protocol_whitelist: 'file' });
    const opened = await context.openInput(`file:${resolve(path)}`, null, options);
    const format = context.iformat?.name ?? '';
    const isRefused = opened >= 0 && format.split(',').some((name) => REFUSED_FORMATS.has(name));
    if (opened < 0 || isRefused) {
      if (FFmpegError.strerror(opened).includes('ermission')) {
        throw new VisualError(
          'VB_FILE_UNREADABLE',
          `${path} may not be read. Check its permissions.`,
          { details: { path } },
        );
      }
      const reason = isRefused ? `its format is "${format}"` : FFmpegError.strerror(opened);
      throw new VisualError(
        'VB_NOT_MEDIA',
        `${path} (${sizeBytes} bytes) is not a video that can be read: ${reason}. If it is a recording that was cut off, its index may be missing.`,
        { details: { path, sizeBytes, reason } },
      );
    }
    const probed = await context.findStreamInfo(null);
    const { video, audio } = pickStreams(context);
    if (video === undefined) {
      throw new VisualError(
        'VB_NO_VIDEO',
        `${path} has no video stream${audio ? ', only audio' : ''}. Give a file with pictures.`,
        { details: { path, container: format } },
      );
    }
    if (probed < 0 || video.codecpar.width <= 0 || video.codecpar.height <= 0) {
      throw new VisualError(
        'VB_NOT_MEDIA',
        `${path} announces a ${avGetCodecName(video.codecpar.codecId) ?? 'video'} stream, but its pictures have no size: the file is damaged or cut off.`,
        { details: { path } },
      );
    }
    return {
      context,
      video,
      audio,
      info: describeInput(path, sizeBytes, context, { video, audio }, 'file'),
    };
  } catch (error) {
    context.closeInputSync();
    throw error;
  }
}

/** Closes what {@link openInput} opened. */
export function closeInput(input: OpenedInput): void {
  input.context.closeInputSync();
}

/** The best video and audio stream of an open input; every other is discarded in the demuxer. */
export function pickStreams(
  context: FormatContext,
): Pick<OpenedInput, 'audio'> & { video?: Stream } {
  const streams = context.streams;
  const best = (type: AVMediaType): Stream | undefined => {
    const index = context.findBestStream(type);
    return index < 0 ? undefined : streams[index];
  };
  const video = best(AVMEDIA_TYPE_VIDEO);
  const audio = best(AVMEDIA_TYPE_AUDIO);
  const isPicture = video?.hasDisposition(AV_DISPOSITION_ATTACHED_PIC) ?? true;
  for (const stream of streams) {
    if (stream !== video && stream !== audio) stream.discard = AVDISCARD_ALL;
  }
  return video === undefined || isPicture ? { audio } : { video, audio };
}

/**
 * What an open input says about itself.
 *
 * @param clock - `live`: the sender's clock means nothing, and may stand anywhere.
 * @throws VisualError `VB_TIME_TOO_FAR`, for a file whose clock begins beyond 104 days.
 */
export function describeInput(
  path: string,
  sizeBytes: number,
  context: FormatContext,
  { video, audio }: { readonly video: Stream; readonly audio: Stream | undefined },
  clock: 'file' | 'live',
): MediaInfo {
  return {
    path,
    sizeBytes,
    container: context.iformat?.name ?? 'unknown',
    durationNs: durationOf(context, video),
    video: { ...describeVideo(video), startNs: clock === 'live' ? 0 : startOf(video) },
    audio: audio && {
      codec: avGetCodecName(audio.codecpar.codecId) ?? 'unknown',
      sampleRateHz: audio.codecpar.sampleRate,
      channels: audio.codecpar.channelLayout.nbChannels,
    },
  };
}

function durationOf(context: FormatContext, video: Stream): number {
  const { num, den } = video.timeBase;
  const announcedNs =
    video.duration > 0n
      ? tryTicksToNs(video.duration, num, den)
      : tryTicksToNs(context.duration, 1, 1_000_000);
  return Math.max(0, announcedNs ?? 0);
}

function startOf({ startTime, timeBase }: Stream): number {
  return startTime === AV_NOPTS_VALUE ? 0 : ticksToNs(startTime, timeBase.num, timeBase.den);
}

function describeVideo(stream: Stream): Omit<VideoInfo, 'startNs'> {
  const { codecpar, avgFrameRate, timeBase, nbFrames } = stream;
  const rotationDeg = rotationOf(stream);
  const isTurned = rotationDeg === 90 || rotationDeg === 270;
  const aspect =
    stream.sampleAspectRatio.num > 0 ? stream.sampleAspectRatio : codecpar.sampleAspectRatio;
  return {
    codec: avGetCodecName(codecpar.codecId) ?? 'unknown',
    width: isTurned ? codecpar.height : codecpar.width,
    height: isTurned ? codecpar.width : codecpar.height,
    rotationDeg,
    sampleAspectRatio:
      aspect.num > 0 && aspect.den > 0 ? { num: aspect.num, den: aspect.den } : { num: 1, den: 1 },
    fps: avgFrameRate.den > 0 ? Math.max(0, avgFrameRate.num / avgFrameRate.den) : 0,
    frameCount: nbFrames > 0n ? Number(nbFrames) : undefined,
    pixelFormat: avGetPixFmtName(codecpar.format as never) ?? 'unknown',
    timebase: { num: timeBase.num, den: timeBase.den },
  };
}

/** Reads the display matrix: nine 16.16 / 2.30 fixed-point numbers, counter-clockwise. */
function rotationOf(stream: Stream): VideoInfo['rotationDeg'] {
  const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix === null || matrix.length < 36) return 0;
  const angleRad = Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0));
  const quarterTurns = Math.round(angleRad / (Math.PI / 2));
  return ((((quarterTurns % 4) + 4) % 4) * 90) as VideoInfo['rotationDeg'];
}
