import { tmpdir } from 'node:os';

/** Options of {@link ObservationLog}. */
export interface ObservationLogOptions {
  /**
   * Bytes of observations to keep in memory, as estimated; the oldest beyond that go to a file.
   * `Infinity` keeps everything in memory. Default 64 MiB.
   */
  readonly maxMemoryBytes?: number;
  /** Existing folder in which to make a private one for the file, when it is needed. Default: that of the system, `os.tmpdir()`. */
  readonly folder?: string;
}

const DEFAULT_MAX_MEMORY_BYTES = 64 * 1024 * 1024;

/** Fills in the defaults. @throws RangeError or TypeError naming the option that is wrong. */
export function resolveLogOptions({
  maxMemoryBytes = DEFAULT_MAX_MEMORY_BYTES,
  folder = tmpdir(),
}: ObservationLogOptions): Required<ObservationLogOptions> {
  if (!(maxMemoryBytes >= 0)) {
    throw new RangeError(
      `The \`maxMemoryBytes\` option must be a number of bytes of at least 0, got ${String(maxMemoryBytes)}.`,
    );
  }
  if (typeof folder !== 'string' || folder === '') {
    throw new TypeError(`The \`folder\` option must be a path, got ${JSON.stringify(folder)}.`);
  }
  return { maxMemoryBytes, folder };
}
