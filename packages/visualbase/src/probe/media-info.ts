/** A number as a fraction, as containers store it. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** What is known of a video stream before decoding it. */
export interface VideoInfo {
  /** FFmpeg's short name: `h264`, `hevc`, `vp9`, `av1`, `mjpeg`, `gif`, ... */
  readonly codec: string;
  /** Pixels as shown, rotation applied. */
  readonly width: number;
  readonly height: number;
  /** Clockwise turn that a player applies to the stored picture: 0, 90, 180 or 270. */
  readonly rotationDeg: 0 | 90 | 180 | 270;
  /** Shape of a pixel; 1:1 when square or unknown. */
  readonly sampleAspectRatio: Rational;
  /** Average pictures per second; 0 if the container does not say. */
  readonly fps: number;
  /** Pictures according to the container; undefined if it does not say. */
  readonly frameCount: number | undefined;
  /** FFmpeg's name, such as `yuv420p`. */
  readonly pixelFormat: string;
  readonly timebase: Rational;
  /** Time of the stream's start on the container's clock; frame times count from here. */
  readonly startNs: number;
}

/** What is known of an audio stream. */
export interface AudioInfo {
  readonly codec: string;
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** What {@link probe} tells of a file. */
export interface MediaInfo {
  readonly path: string;
  readonly sizeBytes: number;
  /** FFmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2` or `matroska,webm`. */
  readonly container: string;
  /** Length of the file; 0 if the container does not say. */
  readonly durationNs: number;
  readonly video: VideoInfo;
  readonly audio: AudioInfo | undefined;
}
