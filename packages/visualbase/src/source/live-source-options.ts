import type { ReconnectOptions } from '../live/backoff.ts';
import type { LiveEvent } from '../live/live-job.ts';
import type { OverflowPolicy } from '../live/overflow.ts';

/** Options of cameras, streams and virtual inputs. */
export interface LiveSourceOptions {
  /** Pictures per second to sample, on a time grid from the first one. Default: every picture. */
  readonly fps?: number;
  /** Width of the frames in pixels. With `height`: exactly that size; alone, the aspect is kept. */
  readonly width?: number;
  /** Height of the frames in pixels. */
  readonly height?: number;
  /** Shrinks, never enlarges, so that the longer side is at most this many pixels. Not with `width` or `height`. */
  readonly maxSide?: number;
  /**
   * What happens when frames come faster than they are read: `wait` holds the source up, `dropOldest` gives
   * up the frame that waits longest, `latest` keeps only the newest. Default `dropOldest` for cameras and
   * streams, `wait` for virtual inputs and files from the network.
   */
  readonly overflow?: OverflowPolicy;
  /** Frames that may wait or be retained at a time. Default: about 48 MiB worth, between 4 and 16. */
  readonly slotCount?: number;
  /** How long opening may take, also when connecting again. Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** A connection silent for so long counts as lost. Default 5000. */
  readonly stallTimeoutMs?: number;
  /** When and how often to connect again; false: never. Default 20 attempts in a row, 0.25 s to 10 s apart. */
  readonly reconnect?: ReconnectOptions | false;
  /** Keeps the recent past, encoded, so that clips can reach back. Default: nothing is kept. */
  readonly record?: RecordOptions;
  /** Options for FFmpeg's demuxer or device, by its names. They go before our own. */
  readonly inputOptions?: Readonly<Record<string, string>>;
  /** Told of connections made, lost and tried again. An error that it throws ends the source. */
  readonly onEvent?: (event: LiveEvent) => void;
  /** Closes the source; a pending read rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How much of the recent past is kept. */
export interface RecordOptions {
  /** Seconds to reach back, at least; whole groups of pictures are kept. Default 30. */
  readonly maxSec?: number;
  /** Bytes, at most: beyond, the oldest goes, whatever `maxSec` says. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Where it is kept: in memory, or in files that nobody else can read, in the temporary folder. Default `memory`. */
  readonly storage?: 'memory' | 'disk';
}

const MIB = 1024 * 1024;

/** {@link RecordOptions} with every default filled in. */
export function resolveRecord(options: RecordOptions = {}): Required<RecordOptions> {
  const { maxSec = 30, maxBytes = 64 * MIB, storage = 'memory' } = options;
  if (!(Number.isFinite(maxSec) && maxSec > 0)) {
    throw new RangeError(
      `record.maxSec must be a number of seconds above 0, got ${String(maxSec)}.`,
    );
  }
  if (!(Number.isSafeInteger(maxBytes) && maxBytes > 0)) {
    throw new RangeError(
      `record.maxBytes must be a whole number above 0, got ${String(maxBytes)}.`,
    );
  }
  if (!['memory', 'disk'].includes(storage)) {
    throw new RangeError(`record.storage must be memory or disk, got ${JSON.stringify(storage)}.`);
  }
  return { maxSec, maxBytes, storage };
}

/** Checks timeouts and policy. @throws RangeError naming the option and its value. */
export function validateLiveOptions(options: LiveSourceOptions): void {
  for (const name of ['connectTimeoutMs', 'stallTimeoutMs'] as const) {
    const value = options[name] ?? 1;
    if (Number.isFinite(value) && value > 0 && value < 2 ** 31) continue;
    throw new RangeError(
      `The \`${name}\` option must be a number of milliseconds above 0 and below 2^31, got ${String(value)}.`,
    );
  }
  for (const [name, value] of Object.entries(options.inputOptions ?? {})) {
    if (typeof value === 'string') continue;
    throw new TypeError(
      `The \`inputOptions\` option takes texts, got ${typeof value} for ${JSON.stringify(name)}.`,
    );
  }
  const { overflow = 'wait' } = options;
  if (!['wait', 'dropOldest', 'latest'].includes(overflow)) {
    throw new RangeError(
      `The \`overflow\` option must be wait, dropOldest or latest, got ${JSON.stringify(overflow)}.`,
    );
  }
}
