import { extractClip, type ExtractClipOptions } from '../clip/extract-clip.ts';
import type { Frame } from '../frame/frame.ts';
import type { StreamGap } from '../live/live-job.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { probe } from '../probe/probe.ts';
import { FileSource } from '../source/file-source.ts';
import type { FileSourceOptions } from '../source/file-source-options.ts';
import type { FrameSource } from '../source/frame-source.ts';
import { nsToSec } from '../time/ns.ts';
import type { Limiter } from '../threads/limiter.ts';
import type { Trigger } from '../trigger/trigger.ts';
import {
  asTriggerClip,
  type ConnectedMedia,
  type QueryOptions,
  type QueryRange,
  type TriggerClip,
} from './connected-media.ts';
import { ShiftedSource } from './shifted-source.ts';

/** A video file: everything of it can be cut at any time. */
export class FileMedia implements ConnectedMedia {
  readonly kind = 'file';
  readonly info: MediaInfo;
  readonly #options: FileSourceOptions;
  readonly #sources = new Set<FileSource>();
  #nowNs = 0;

  private constructor(info: MediaInfo, options: FileSourceOptions) {
    this.info = info;
    this.#options = options;
  }

  /** @throws VisualError as {@link probe}. */
  static async open(path: string, options: FileSourceOptions): Promise<FileMedia> {
    const { isolate = false, signal } = options;
    return new FileMedia(await probe(path, { isolate, ...(signal && { signal }) }), options);
  }

  get available(): StreamGap {
    return { startNs: 0, endNs: this.info.durationNs };
  }

  get nowNs(): number {
    return this.#nowNs;
  }

  async *frames(): AsyncGenerator<Frame, void, undefined> {
    const source = await this.#open(this.#options);
    try {
      for await (const frame of source) {
        this.#nowNs = frame.tSrcNs;
        yield frame;
      }
    } finally {
      this.#sources.delete(source);
    }
  }

  async clip(
    trigger: Trigger,
    options: ExtractClipOptions,
    limiter: Limiter,
  ): Promise<TriggerClip> {
    const cut = limiter.run(() => extractClip(this.info.path, trigger, options));
    return asTriggerClip(await cut, []);
  }

  async query({ startNs, endNs }: QueryRange, options: QueryOptions): Promise<FrameSource> {
    const range = { startSec: nsToSec(Math.max(0, startNs)), endSec: nsToSec(endNs) };
    const { isolate = false } = this.#options;
    const source = await this.#open({ isolate, ...options, ...range });
    return new ShiftedSource(source, 0, () => void this.#sources.delete(source));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sources].map((source) => source.close()));
  }

  async #open(options: FileSourceOptions): Promise<FileSource> {
    const source = await FileSource.open(this.info.path, options);
    this.#sources.add(source);
    return source;
  }
}
