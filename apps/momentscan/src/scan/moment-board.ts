import { nsToSec } from 'visualbase';
import type { Moment } from '../moments/moment.ts';
import type { ClipWriter, WrittenFiles } from '../output/clip-writer.ts';
import type { HighlightMoment } from '../output/highlights-schema.ts';
import type { OutputFolder } from '../output/output-folder.ts';

interface Entry {
  readonly moment: Moment;
  files: WrittenFiles | undefined;
}

/**
 * The moments of a scan: has each one cut, and where only some are wanted keeps the best, removing
 * what a better one displaces.
 */
export class MomentBoard {
  readonly #writer: ClipWriter;
  readonly #output: OutputFolder;
  readonly #maxClips: number;
  readonly #onFinished: () => Promise<void>;
  #entries: Entry[] = [];
  #finishing: Promise<void>[] = [];

  /** @param onFinished - Called after a moment's files have been written. */
  constructor(
    writer: ClipWriter,
    output: OutputFolder,
    maxClips: number | null,
    onFinished: () => Promise<void>,
  ) {
    this.#writer = writer;
    this.#output = output;
    this.#maxClips = maxClips ?? Infinity;
    this.#onFinished = onFinished;
  }

  /** Moments that are to be kept so far, finished or not. */
  get count(): number {
    return this.#entries.length;
  }

  /** Takes a moment all of whose frames have been seen. */
  add(moment: Moment): void {
    const entry: Entry = { moment, files: undefined };
    this.#entries.push(entry);
    if (this.#entries.length > this.#maxClips) {
      const weakest = this.#entries.reduce((a, b) => (b.moment.score < a.moment.score ? b : a));
      this.#entries = this.#entries.filter((other) => other !== weakest);
      if (weakest.files !== undefined) this.#finishing.push(this.#discard(weakest.files));
      if (weakest === entry) return;
    }
    this.#finishing.push(this.#finish(entry));
  }

  /** Settles when all files are written or removed. @throws What could not be absorbed. */
  async settled(): Promise<void> {
    while (this.#finishing.length > 0) await Promise.all(this.#finishing.splice(0));
  }

  /** The finished moments in order of time. */
  finished(): HighlightMoment[] {
    return this.#entries
      .flatMap(({ moment, files }) => (files === undefined ? [] : [this.#describe(moment, files)]))
      .sort((a, b) => a.timeSec - b.timeSec);
  }

  async #finish(entry: Entry): Promise<void> {
    const files = await this.#writer.write(entry.moment);
    if (files === undefined) return;
    if (!this.#entries.includes(entry)) return this.#discard(files);
    entry.files = files;
    await this.#onFinished();
  }

  async #discard(files: WrittenFiles): Promise<void> {
    await this.#onFinished();
    await this.#writer.remove(files);
  }

  #describe(moment: Moment, files: WrittenFiles): HighlightMoment {
    const relative = (file: string | null): string | null =>
      file === null ? null : this.#output.relative(file);
    const round = (tNs: number): number => Math.round(nsToSec(tNs) * 1e4) / 1e4;
    return {
      label: moment.label,
      timeSec: round(moment.eventNs),
      peakSec: round(moment.peakNs),
      startSec: round(files.startNs),
      endSec: round(files.endNs),
      score: Math.round(moment.score * 1e3) / 1e3,
      reason: moment.reason,
      trackId: moment.trackId,
      clip: relative(files.clip),
      still: relative(files.still),
    };
  }
}
