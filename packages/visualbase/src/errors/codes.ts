/** One entry of a code registry; `docs/errors.md` is generated from these. */
export interface CodeEntry {
  readonly meaning: string;
  readonly remedy: string;
}

/** Every error code that visualbase throws. */
export const VISUALBASE_CODES = {
  VB_FILE_NOT_FOUND: {
    meaning: 'There is no file at the given path.',
    remedy: 'Check the spelling; relative paths are resolved against the current directory.',
  },
  VB_FILE_UNREADABLE: {
    meaning:
      'The file exists but may not be read, or is not a regular file (folder, pipe, device).',
    remedy: 'Give the path of one video file, and read permission on it.',
  },
  VB_FILE_EMPTY: {
    meaning: 'The file has no bytes.',
    remedy: 'Copy or download it again.',
  },
  VB_NOT_MEDIA: {
    meaning:
      'The content is not a video or audio format that FFmpeg recognises, or its header is lost.',
    remedy:
      'Check that it plays elsewhere; a recording that was cut off may lack the index at its end.',
  },
  VB_NO_VIDEO: {
    meaning: 'The file opens but holds no video stream (audio only, or just a cover picture).',
    remedy: 'Give a file with a video stream.',
  },
  VB_UNSUPPORTED_CODEC: {
    meaning: 'The bundled FFmpeg has no decoder or encoder for this codec.',
    remedy: 'Convert the file to H.264, HEVC, VP9 or AV1.',
  },
  VB_DECODE_FAILED: {
    meaning: 'The video stream was found, but not one picture of it could be decoded.',
    remedy: 'The file is damaged or encrypted; get another copy.',
  },
  VB_TOO_LARGE: {
    meaning: 'The picture is larger than this layer accepts.',
    remedy: 'Scale it down when opening, with maxSide or width.',
  },
  VB_FRAME_RELEASED: {
    meaning: 'The pixels of a frame were used after its last holder had released it.',
    remedy: 'Call retain() while you hold the frame and release() later, or keep a clone().',
  },
  VB_FRAME_LEAK: {
    meaning: 'A warning: a retained frame was never released; garbage collection took it back.',
    remedy: 'Call release() for every retain(), or keep a clone().',
  },
  VB_FRAMES_RETAINED: {
    meaning: 'All slots of the frame ring are retained, so that decoding cannot go on.',
    remedy: 'Release or clone frames, or open the source with a larger slotCount.',
  },
  VB_CLOSED: {
    meaning: 'A source was used after it was closed, or is iterated a second time.',
    remedy: 'Open it again.',
  },
  VB_FFMPEG_MISSING: {
    meaning: 'The FFmpeg binding (npm package node-av) could not be loaded on this machine.',
    remedy: 'Install without --omit=optional, on a platform for which node-av ships a binary.',
  },
  VB_FFMPEG: {
    meaning: 'An FFmpeg call failed in a way that has no code of its own.',
    remedy: "The message names the call and FFmpeg's reason.",
  },
  VB_THREAD_DIED: {
    meaning: 'A worker thread of the media layer ended without finishing its work.',
    remedy: 'See the cause; run the file with less memory pressure or report it.',
  },
  VB_DECODER_CRASHED: {
    meaning: 'The process that decoded an isolated source crashed, was killed, or did not start.',
    remedy:
      'The file is probably damaged or hostile; get another copy. The message names the signal.',
  },
  VB_DECODER_HUNG: {
    meaning: 'The process of an isolated source got on with nothing for too long, and was killed.',
    remedy:
      'The file is damaged or hostile, or comes too slowly: raise stallTimeoutMs of the isolate option.',
  },
  VB_DECODER_TOO_BIG: {
    meaning: 'The process of an isolated source took more memory than allowed, and was killed.',
    remedy: 'The file is damaged or hostile, or very large: raise maxRssMb of the isolate option.',
  },
  VB_NO_MEMORY: {
    meaning: 'There is no shared memory for the frames of an isolated source.',
    remedy: 'Free memory, or open the source with a smaller slotCount or maxSide.',
  },
  VB_TIME_TOO_FAR: {
    meaning:
      'A time in a file is more than 104 days from its zero, too far to be held in nanoseconds.',
    remedy: 'The file is damaged; if its clock shows the date, remux it so that it starts at 0.',
  },
  VB_WRITE_FAILED: {
    meaning:
      'A file could not be created or written: full disk, missing permission, no such folder.',
    remedy: 'Free space or give another folder; nothing is left behind under the final name.',
  },
  VB_SOURCE_UNKNOWN: {
    meaning: 'The text given for a source is no path, address or device that is understood.',
    remedy: 'Give a path, a URL, `camera:0` or `lavfi:testsrc2`; see openSource().',
  },
  VB_SOURCE_UNREACHABLE: {
    meaning: 'A camera or stream could not be opened, or did not answer in time.',
    remedy: 'Check the address or device, that it is on, and that nothing else uses it.',
  },
  VB_STREAM_LOST: {
    meaning: 'A camera or stream broke off, and did not come back within the attempts allowed.',
    remedy: 'Check the sender and the network, or allow more with the reconnect option.',
  },
  VB_NOT_CONNECTED: {
    meaning: 'A VisualBase was used before connect(), after disconnect(), or connected twice.',
    remedy: 'Call connect() first, and disconnect() before the next one.',
  },
  VB_CLIP_OUTSIDE: {
    meaning: 'The source has no picture in the time range of the clip.',
    remedy: 'Compare the range with the length of the file, for example from probe().',
  },
  VB_COPY_IMPOSSIBLE: {
    meaning:
      'A clip was to be copied, but the container does not take the codec, or packets lack times or are damaged.',
    remedy: 'Use the method auto or encode, or another container.',
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
