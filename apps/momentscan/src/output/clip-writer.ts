import { rm } from 'node:fs/promises';
import { extractClip, FileSource, nsToSec, writeImage } from 'visualbase';
import path from 'node:path';
import type { Moment } from '../moments/moment.ts';
import type { OutputFolder } from './output-folder.ts';

/** Files that were written for a moment; null for what could not be. */
export interface WrittenFiles {
  readonly clip: string | null;
  readonly still: string | null;
  readonly startNs: number;
  readonly endNs: number;
}

/** Options of {@link ClipWriter}. */
export interface ClipWriterOptions {
  readonly videoPath: string;
  readonly output: OutputFolder;
  /** Told of what could not be written. */
  readonly onProblem: (problem: string) => void;
  readonly signal: AbortSignal;
}

/** Cuts clips and stills of moments out of the video, one after the other, beside the scan. */
export class ClipWriter {
  readonly #options: ClipWriterOptions;
  #last: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  /** Milliseconds spent cutting so far. */
  busyMs = 0;

  constructor(options: ClipWriterOptions) {
    this.#options = options;
  }

  /**
   * Cuts a moment once those before it are done. Gives undefined if the writer was stopped before.
   */
  write(moment: Moment): Promise<WrittenFiles | undefined> {
    const written = this.#last.then(async () => {
      if (this.#isStopped) return undefined;
      const startedMs = performance.now();
      try {
        return await this.#cut(moment);
      } finally {
        this.busyMs += performance.now() - startedMs;
      }
    });
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Removes the files of a moment. */
  async remove({ clip, still }: WrittenFiles): Promise<void> {
    for (const file of [clip, still]) if (file !== null) await rm(file, { force: true });
  }

  /** Lets the cut in progress finish, and begins no other. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Settles when nothing is being cut any more. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #cut(moment: Moment): Promise<WrittenFiles> {
    const { videoPath, output, signal, onProblem } = this.#options;
    const { startNs, endNs } = moment;
    const name = fileName(moment);
    let clip;
    try {
      clip = await extractClip(
        videoPath,
        { startNs, endNs },
        { outputDir: output.clips, name, signal },
      );
    } catch (error) {
      signal.throwIfAborted();
      onProblem(`The clip ${name} could not be cut: ${messageOf(error)}`);
      return { clip: null, still: null, startNs, endNs };
    }
    const cut = { clip: clip.path, startNs: clip.startNs, endNs: clip.endNs };
    try {
      // Out of the clip, since finding a frame in a long video means reading all before it.
      const atNs = moment.peakNs - clip.startNs;
      return { ...cut, still: await writeStill(clip.path, atNs, output.stills) };
    } catch (error) {
      signal.throwIfAborted();
      onProblem(`The still of ${name} could not be written: ${messageOf(error)}`);
      return { ...cut, still: null };
    }
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** `0012.4s-smile`: sorts by time, says what it is. */
function fileName({ eventNs, label }: Moment): string {
  return `${nsToSec(eventNs).toFixed(1).padStart(6, '0')}s-${label}`;
}

async function writeStill(clipPath: string, atNs: number, folder: string): Promise<string | null> {
  const file = path.join(folder, `${path.basename(clipPath, path.extname(clipPath))}.jpg`);
  // Half a frame of 60 fps early, so that a rounded time does not miss its frame.
  const startSec = Math.max(0, nsToSec(atNs) - 1 / 120);
  await using source = await FileSource.open(clipPath, { startSec });
  for await (const frame of source) {
    await writeImage(frame, file, { format: 'jpeg', quality: 90 });
    return file;
  }
  return null;
}
