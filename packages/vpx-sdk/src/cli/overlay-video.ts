import { VideoWriter, type Frame, type WrittenVideo } from 'visualbase';
import type { AnyModule, Observation } from 'visualpath';
import { MarkRenderer, type BadMark } from '../marks/mark-renderer.ts';
import { marksOf } from '../marks/marks-of.ts';

/** Options of {@link OverlayVideo}. */
export interface OverlayVideoOptions {
  readonly path: string;
  /** Frames a second, roughly. */
  readonly fps: number;
  /** Whose marks are drawn. */
  readonly modules: readonly AnyModule[];
  readonly onBadMark: (bad: BadMark) => void;
}

/** A video of frames with the marks of modules drawn on them. Begins with the first frame. */
export class OverlayVideo implements AsyncDisposable {
  readonly #options: OverlayVideoOptions;
  readonly #renderer: MarkRenderer;
  #writer: VideoWriter | undefined;
  #drawMs = 0;

  constructor(options: OverlayVideoOptions) {
    this.#options = options;
    this.#renderer = new MarkRenderer({ onBadMark: options.onBadMark });
  }

  /** Milliseconds spent on drawing so far. */
  get drawMs(): number {
    return this.#drawMs;
  }

  /** Draws and writes a frame, which must stay valid until the promise settles. */
  async add(frame: Frame, observations: readonly Observation[]): Promise<void> {
    const { width, height } = frame;
    const { path, fps, modules } = this.#options;
    this.#writer ??= await VideoWriter.open(path, { width, height, fps });
    const startMs = performance.now();
    const drawn = this.#renderer.render(frame, marksOf(modules, observations));
    this.#drawMs += performance.now() - startMs;
    await this.#writer.write(drawn, frame.tSrcNs);
  }

  /** Completes the file and gives it its name; undefined if there was no frame. */
  async finish(): Promise<WrittenVideo | undefined> {
    return this.#writer?.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer?.close();
  }
}
