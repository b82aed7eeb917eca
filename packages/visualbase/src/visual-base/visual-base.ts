import type { ExtractClipOptions } from '../clip/extract-clip.ts';
import { VisualError } from '../errors/visual-error.ts';
import type { Frame } from '../frame/frame.ts';
import type { StreamGap } from '../live/live-job.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import type { FrameSource } from '../source/frame-source.ts';
import { LiveSource, type LiveSourceStats } from '../source/live-source.ts';
import { openSource, parseSource, type OpenSourceOptions } from '../source/open-source.ts';
import { Limiter } from '../threads/limiter.ts';
import type { Trigger } from '../trigger/trigger.ts';
import type { ConnectedMedia, QueryOptions, QueryRange, TriggerClip } from './connected-media.ts';
import { FileMedia } from './file-media.ts';
import { LiveMedia } from './live-media.ts';
import { PushedMedia } from './pushed-media.ts';

export type { QueryOptions, QueryRange, TriggerClip } from './connected-media.ts';

/** Options of {@link VisualBase}. */
export interface VisualBaseOptions {
  /** Where clips go that say nothing else. Default `clips`. */
  readonly outputDir?: string;
  /** Clips that are cut at a time; others wait. Default 2. */
  readonly clipConcurrency?: number;
}

/** Where things stand, see {@link VisualBase.status}. */
export interface VisualBaseStatus {
  readonly isConnected: boolean;
  readonly kind: 'file' | 'live' | 'pushed' | undefined;
  readonly info: MediaInfo | undefined;
  /** Media time of the newest frame read from a file, or of the newest picture of a live source. */
  readonly nowNs: number;
  /** What clips and queries can reach. */
  readonly available: StreamGap | undefined;
  /** Triggers whose clip is not written yet. */
  readonly pendingTriggerCount: number;
  /** Figures of a live source. */
  readonly live: LiveSourceStats | undefined;
}

/**
 * Any media behind one door: connect, read frames, look back, have moments cut out. Files are cut from the
 * file; cameras, streams and pushed frames from a bounded recording of their recent past, so that a trigger
 * reaches back before it was known.
 *
 * @example
 * ```ts
 * await using media = new VisualBase({ outputDir: 'clips' });
 * await media.connect('rtsp://127.0.0.1:8554/door', { fps: 5, record: { maxSec: 60 } });
 * for await (const frame of media.stream()) {
 *   if (!isInteresting(frame)) continue;
 *   const eventTimeNs = frame.tSrcNs;
 *   void media.trigger(Trigger.point({ eventTimeNs, preSec: 3, postSec: 2, label: 'visitor' }));
 * }
 * ```
 */
export class VisualBase implements AsyncDisposable {
  readonly #outputDir: string;
  readonly #limiter: Limiter;
  readonly #pending = new Set<Promise<unknown>>();
  #media: ConnectedMedia | undefined;
  #connecting: Promise<ConnectedMedia> | undefined;

  /** @throws RangeError for a wrong option. */
  constructor({ outputDir = 'clips', clipConcurrency = 2 }: VisualBaseOptions = {}) {
    if (!(Number.isSafeInteger(clipConcurrency) && clipConcurrency > 0)) {
      throw new RangeError(
        `The \`clipConcurrency\` option must be a whole number of at least 1, got ${String(clipConcurrency)}.`,
      );
    }
    this.#outputDir = outputDir;
    this.#limiter = new Limiter(clipConcurrency);
  }

  /**
   * Connects to media: whatever {@link openSource} understands, or frames of one's own.
   *
   * @param options - Of the source. `isolate` covers reading; clips are cut in this process. Live sources keep 30 seconds unless `record` says otherwise.
   * @throws VisualError `VB_NOT_CONNECTED` when connected already, or as the source's `open`.
   */
  async connect(source: string | FrameSource, options: OpenSourceOptions = {}): Promise<void> {
    if (this.#media !== undefined || this.#connecting !== undefined) {
      throw new VisualError(
        'VB_NOT_CONNECTED',
        'This VisualBase is connected already. Call disconnect() first, or use another one.',
      );
    }
    this.#connecting = openMedia(source, options);
    try {
      this.#media = await this.#connecting;
    } finally {
      this.#connecting = undefined;
    }
  }

  /** Where things stand. */
  get status(): VisualBaseStatus {
    const media = this.#media;
    return {
      isConnected: media !== undefined,
      kind: media?.kind,
      info: media?.info,
      nowNs: media?.nowNs ?? 0,
      available: media?.available,
      pendingTriggerCount: this.#pending.size,
      live: media instanceof LiveMedia ? media.source.stats : undefined,
    };
  }

  /**
   * The frames, as `connect` was told. A file can be read again and again, everything else once. Each frame
   * is borrowed until the next one is asked for; leaving the loop does not disconnect.
   *
   * @throws VisualError `VB_NOT_CONNECTED`; iterating throws as the source does.
   */
  stream(): AsyncIterable<Frame> {
    return this.#connected().frames();
  }

  /**
   * The frames of a stretch of media time, with their times: of a file from anywhere, of everything else
   * from what is kept. A range that ends in the future is waited for.
   *
   * @throws VisualError `VB_NOT_CONNECTED`; `VB_CLIP_OUTSIDE` when nothing of it is kept.
   */
  async query(range: QueryRange, options: QueryOptions = {}): Promise<FrameSource> {
    const media = this.#connected();
    const { startNs, endNs } = range;
    if (!(Number.isSafeInteger(startNs) && Number.isSafeInteger(endNs) && endNs > startNs)) {
      throw new RangeError(
        `A query needs whole nanoseconds with endNs after startNs, got ${String(startNs)} and ${String(endNs)}.`,
      );
    }
    return media.query(range, options);
  }

  /**
   * Cuts the clip that a trigger asks for. One that ends in the future is waited for; at the end of the
   * stream it gets what there is. Triggers may overlap.
   *
   * @param options - Of the clip. Default: into `outputDir`, named by the trigger's label.
   * @throws VisualError `VB_NOT_CONNECTED`, `VB_CLIP_OUTSIDE` when nothing of it is kept, or as `extractClip`.
   */
  async trigger(
    trigger: Trigger,
    options: ExtractClipOptions = { outputDir: this.#outputDir },
  ): Promise<TriggerClip> {
    const media = this.#connected();
    const work = media.clip(trigger, options, this.#limiter);
    this.#pending.add(work);
    try {
      return await work;
    } finally {
      this.#pending.delete(work);
    }
  }

  /** Ends the source, or what connects to it; lets pending triggers have what there is, and waits for them. Idempotent. */
  async disconnect(): Promise<void> {
    const media = this.#media ?? (await this.#connecting?.catch(() => undefined));
    this.#media = undefined;
    await media?.close();
    await Promise.allSettled([...this.#pending]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  #connected(): ConnectedMedia {
    if (this.#media !== undefined) return this.#media;
    throw new VisualError(
      'VB_NOT_CONNECTED',
      'This VisualBase is not connected to anything. Call connect() first.',
    );
  }
}

async function openMedia(
  source: string | FrameSource,
  options: OpenSourceOptions,
): Promise<ConnectedMedia> {
  if (typeof source !== 'string') return new PushedMedia(source, options.record);
  const spec = await parseSource(source);
  if (spec.kind === 'file') return FileMedia.open(spec.path, options);
  const opened = await openSource(source, { ...options, record: options.record ?? {} });
  return opened instanceof LiveSource
    ? new LiveMedia(opened)
    : new PushedMedia(opened, options.record);
}
