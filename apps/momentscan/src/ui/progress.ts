import { SingleBar } from 'cli-progress';
import type { ScanProgress } from '../scan/scan-options.ts';

/** Shows how far a scan is. */
export interface ProgressView {
  update(progress: ScanProgress): void;
  /** Leaves the screen clean for what comes next. */
  stop(): void;
}

const clock = (sec: number): string =>
  `${Math.floor(sec / 60)}:${String(Math.floor(sec % 60)).padStart(2, '0')}`;

/** A bar on a terminal, a line at every tenth elsewhere; both on stderr. */
export function openProgress(stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY ? new BarView(stream) : new LineView(stream);
}

class BarView implements ProgressView {
  readonly #bar: SingleBar;
  #isStarted = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#bar = new SingleBar({
      format: 'Scanning {bar} {percentage}%  {at} of {end}  {moments} found  {speed}x',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      clearOnComplete: true,
      stream,
    });
  }

  update({ scannedSec, durationSec, momentCount, timesRealTime }: ScanProgress): void {
    if (durationSec <= 0) return;
    const payload = {
      at: clock(scannedSec),
      end: clock(durationSec),
      moments: momentCount,
      speed: timesRealTime.toFixed(0),
    };
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#bar.start(durationSec, scannedSec, payload);
    } else {
      this.#bar.update(scannedSec, payload);
    }
  }

  stop(): void {
    if (this.#isStarted) this.#bar.stop();
  }
}

class LineView implements ProgressView {
  readonly #stream: NodeJS.WriteStream;
  #lastTenth = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  update({ scannedSec, durationSec, momentCount, timesRealTime }: ScanProgress): void {
    const tenth = durationSec > 0 ? Math.floor((scannedSec / durationSec) * 10) : 0;
    if (tenth <= this.#lastTenth) return;
    this.#lastTenth = tenth;
    this.#stream.write(
      `Scanned ${clock(scannedSec)} of ${clock(durationSec)} (${tenth * 10} %), ${momentCount} found, ${timesRealTime.toFixed(0)} times real time\n`,
    );
  }

  stop(): void {
    this.#lastTenth = 10;
  }
}
