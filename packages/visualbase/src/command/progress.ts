import { SingleBar } from 'cli-progress';
import { formatClock } from './format-values.ts';

/** How far a command is in a video. */
export interface Progress {
  readonly doneSec: number;
  /** 0 where nobody knows how long it is: nothing is shown. */
  readonly totalSec: number;
  /** What else there is to say, such as `3 found`. */
  readonly note: string;
}

/** Shows how far a command is. */
export interface ProgressView {
  update(progress: Progress): void;
  /** Leaves the screen clean for what comes next. */
  stop(): void;
}

/**
 * A bar on a terminal, a line at every tenth elsewhere; both on the given stream.
 *
 * @param verbs - What is done, for the bar and for the lines, such as `Scanning` and `Scanned`.
 */
export function openProgress(
  stream: NodeJS.WriteStream,
  verbs: { readonly doing: string; readonly done: string },
): ProgressView {
  return stream.isTTY ? new BarView(stream, verbs.doing) : new LineView(stream, verbs.done);
}

class BarView implements ProgressView {
  readonly #bar: SingleBar;
  #isStarted = false;

  constructor(stream: NodeJS.WriteStream, verb: string) {
    this.#bar = new SingleBar({
      format: `${verb} {bar} {percentage}%  {at} of {end}  {note}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      clearOnComplete: true,
      stream,
    });
  }

  update({ doneSec, totalSec, note }: Progress): void {
    if (totalSec <= 0) return;
    const payload = { at: formatClock(doneSec, 0), end: formatClock(totalSec, 0), note };
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#bar.start(totalSec, doneSec, payload);
    } else {
      this.#bar.update(doneSec, payload);
    }
  }

  stop(): void {
    if (this.#isStarted) this.#bar.stop();
  }
}

class LineView implements ProgressView {
  readonly #stream: NodeJS.WriteStream;
  readonly #verb: string;
  #lastTenth = 0;

  constructor(stream: NodeJS.WriteStream, verb: string) {
    this.#stream = stream;
    this.#verb = verb;
  }

  update({ doneSec, totalSec, note }: Progress): void {
    const tenth = totalSec > 0 ? Math.min(10, Math.floor((doneSec / totalSec) * 10)) : 0;
    if (tenth <= this.#lastTenth) return;
    this.#lastTenth = tenth;
    const at = `${formatClock(doneSec, 0)} of ${formatClock(totalSec, 0)} (${tenth * 10} %)`;
    this.#stream.write(`${this.#verb} ${at}, ${note}\n`);
  }

  stop(): void {
    this.#lastTenth = 10;
  }
}
