import type { ExtractClipOptions } from '../clip/extract-clip.ts';
import type { Frame } from '../frame/frame.ts';
import type { StreamGap } from '../live/live-job.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import type { FrameSource } from '../source/frame-source.ts';
import type { LiveSource } from '../source/live-source.ts';
import type { Limiter } from '../threads/limiter.ts';
import type { Trigger } from '../trigger/trigger.ts';
import type { ConnectedMedia, QueryOptions, QueryRange, TriggerClip } from './connected-media.ts';
import { RecordedClips } from './recorded-clips.ts';

/** A camera, stream or virtual input: what its recording holds can be cut. */
export class LiveMedia implements ConnectedMedia {
  readonly kind = 'live';
  /** The source itself, for its figures. */
  readonly source: LiveSource;
  readonly #clips: RecordedClips;

  /** @param source - Opened with a recording. */
  constructor(source: LiveSource) {
    this.source = source;
    this.#clips = new RecordedClips((range, signal) => source.cutRecording(range, signal));
  }

  get info(): MediaInfo {
    return this.source.info;
  }

  get available(): StreamGap | undefined {
    return this.source.stats.recorded;
  }

  get nowNs(): number {
    return this.source.stats.recorded?.endNs ?? 0;
  }

  frames(): AsyncIterable<Frame> {
    return this.source.frames();
  }

  async clip(
    trigger: Trigger,
    options: ExtractClipOptions,
    limiter: Limiter,
  ): Promise<TriggerClip> {
    return this.#clips.clip(trigger, options, limiter);
  }

  async query(range: QueryRange, options: QueryOptions): Promise<FrameSource> {
    return this.#clips.query(range, options);
  }

  async close(): Promise<void> {
    await this.source.close();
  }
}
