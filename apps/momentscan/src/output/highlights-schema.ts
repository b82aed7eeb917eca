import { z } from 'zod';

/** Version of the file that {@link highlightsSchema} describes; raised when a reader would break. */
export const HIGHLIGHTS_VERSION = 1;

const seconds = z.number().min(0);

const momentSchema = z.object({
  /** What happened. */
  label: z.enum(['smile', 'look-at-camera']),
  /** When, in seconds from the start of the video. */
  timeSec: seconds,
  /** The clearest frame, of which the still is. */
  peakSec: seconds,
  /** Of the clip; the end is exclusive. */
  startSec: seconds,
  endSec: seconds,
  /** 0 to 1, higher is better. */
  score: z.number().min(0).max(1),
  /** Why it was chosen, for people. */
  reason: z.string(),
  /** The person, as numbered in this video. */
  trackId: z.int().positive(),
  /** Relative to this file; null if it could not be written, see `problems`. */
  clip: z.string().nullable(),
  still: z.string().nullable(),
});

/** What `highlights.json` holds. */
export const highlightsSchema = z.object({
  schema: z.literal('momentscan/highlights'),
  version: z.literal(HIGHLIGHTS_VERSION),
  /** `running` while the scan goes on, `interrupted` after Ctrl-C: what is listed is finished. */
  status: z.enum(['running', 'complete', 'interrupted', 'failed']),
  generator: z.object({ name: z.literal('momentscan'), version: z.string() }),
  source: z.object({
    fileName: z.string(),
    sizeBytes: z.int().min(0),
    durationSec: seconds,
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
    fps: z.number().min(0),
    videoCodec: z.string(),
    audioCodec: z.string().nullable(),
  }),
  settings: z.object({
    fps: z.number().positive(),
    maxSidePx: z.int().positive(),
    cooldownSec: seconds,
    preSec: seconds,
    postSec: seconds,
    maxClips: z.int().positive().nullable(),
  }),
  /** In order of time. */
  moments: z.array(momentSchema),
  stats: z.object({
    frameCount: z.int().min(0),
    faceFrameCount: z.int().min(0),
    /** How far the scan came, in seconds of the video. */
    scannedSec: seconds,
    wallSec: seconds,
    timesRealTime: z.number().min(0),
    peakRssMb: z.number().min(0),
    /** Milliseconds by stage; stages overlap, so that their sum exceeds the wall time. */
    stageMs: z.record(z.string(), z.number().min(0)),
  }),
  /** What went wrong without ending the scan: damage in the file, a clip that could not be cut. */
  problems: z.array(z.string()),
});

/** One moment of a {@link Highlights}. */
export type HighlightMoment = z.infer<typeof momentSchema>;

/** The parsed content of a `highlights.json`. */
export type Highlights = z.infer<typeof highlightsSchema>;
