import { join } from 'node:path';
import { extractClip, type ExtractClipOptions } from '../clip/extract-clip.ts';
import type { CutFacts } from '../live/live-job.ts';
import type { CutRange } from '../live/live-link.ts';
import { makePrivateFolder } from '../files/private-folder.ts';
import { FileSource } from '../source/file-source.ts';
import type { FrameSource } from '../source/frame-source.ts';
import { nsToSec } from '../time/ns.ts';
import type { Limiter } from '../threads/limiter.ts';
import type { Trigger } from '../trigger/trigger.ts';
import {
  asTriggerClip,
  type QueryOptions,
  type QueryRange,
  type TriggerClip,
} from './connected-media.ts';
import { ShiftedSource } from './shifted-source.ts';

/** Writes a part of a recording into a file. */
export type CutRecording = (range: CutRange, signal: AbortSignal | undefined) => Promise<CutFacts>;

/** Clips and frames out of a recording, by way of a private file that holds just the part needed. */
export class RecordedClips {
  readonly #cut: CutRecording;

  constructor(cut: CutRecording) {
    this.#cut = cut;
  }

  /** Cuts a clip, waiting for its end to come. */
  async clip(
    trigger: Trigger,
    options: ExtractClipOptions,
    limiter: Limiter,
  ): Promise<TriggerClip> {
    const startNs = Math.max(0, trigger.clipStartNs);
    const endNs = trigger.clipEndNs;
    const part = await this.#part({ startNs, endNs }, options.signal);
    try {
      const { originNs } = part.facts;
      const inPart = { startNs: startNs - originNs, endNs: endNs - originNs };
      const name = options.path === undefined ? { name: options.name ?? trigger.label } : {};
      const settings = { ...options, ...name } as ExtractClipOptions;
      const clip = await limiter.run(() => extractClip(part.path, inPart, settings));
      const onMediaClock = {
        requestedStartNs: trigger.clipStartNs,
        requestedEndNs: endNs,
        startNs: clip.startNs + originNs,
        endNs: clip.endNs + originNs,
      };
      return asTriggerClip({ ...clip, ...onMediaClock }, part.facts.gaps);
    } finally {
      part.remove();
    }
  }

  /** Opens the frames of a range, waiting for its end to come. */
  async query(range: QueryRange, options: QueryOptions): Promise<FrameSource> {
    const part = await this.#part(range, options.signal);
    const { originNs } = part.facts;
    try {
      const source = await FileSource.open(part.path, {
        ...options,
        startSec: nsToSec(Math.max(0, range.startNs - originNs)),
        endSec: nsToSec(range.endNs - originNs),
      });
      return new ShiftedSource(source, originNs, part.remove);
    } catch (error) {
      part.remove();
      throw error;
    }
  }

  async #part({ startNs, endNs }: QueryRange, signal: AbortSignal | undefined) {
    const folder = makePrivateFolder();
    const path = join(folder.path, 'part.nut');
    const remove = (): void => folder.remove();
    try {
      return { path, remove, facts: await this.#cut({ startNs, endNs, path }, signal) };
    } catch (error) {
      remove();
      throw error;
    }
  }
}
