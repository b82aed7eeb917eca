import { withBinding } from '../av/binding.ts';
import type { ExtractClipOptions } from '../clip/extract-clip.ts';
import { fromWireError, VisualError } from '../errors/visual-error.ts';
import { makePrivateFolder, type PrivateFolder } from '../files/private-folder.ts';
import type { Frame } from '../frame/frame.ts';
import type { StreamGap } from '../live/live-job.ts';
import { LiveLink, type LiveReport } from '../live/live-link.ts';
import type { FrameSource } from '../source/frame-source.ts';
import { resolveRecord, type RecordOptions } from '../source/live-source-options.ts';
import type { Limiter } from '../threads/limiter.ts';
import type { Trigger } from '../trigger/trigger.ts';
import type { ConnectedMedia, QueryOptions, QueryRange, TriggerClip } from './connected-media.ts';
import { RecordedClips } from './recorded-clips.ts';

const LABEL = 'the pushed frames';

/** Frames that a program brings. They are kept, encoded, as they are read. */
export class PushedMedia implements ConnectedMedia {
  readonly kind = 'pushed';
  readonly info = undefined;
  readonly #source: FrameSource;
  readonly #record: Required<RecordOptions>;
  readonly #clips: RecordedClips;
  #folder: PrivateFolder | undefined;
  #starting: Promise<LiveLink> | undefined;
  #link: LiveLink | undefined;
  #size = { width: 0, height: 0 };
  #available: StreamGap | undefined;
  #failure: Error | undefined;
  #onTaken: (() => void) | undefined;
  #nowNs = 0;

  constructor(source: FrameSource, record: RecordOptions | undefined) {
    this.#source = source;
    this.#record = resolveRecord(record);
    this.#clips = new RecordedClips(async (range, signal) => {
      if (this.#link === undefined) throw nothingRead();
      return this.#link.cut(range, signal);
    });
  }

  get available(): StreamGap | undefined {
    return this.#available;
  }

  get nowNs(): number {
    return this.#nowNs;
  }

  async *frames(): AsyncGenerator<Frame, void, undefined> {
    let taken: Promise<void> = Promise.resolve();
    try {
      for await (const frame of this.#source) {
        this.#link ??= await (this.#starting ??= this.#start(frame));
        await this.#link.during(taken);
        if (this.#failure !== undefined) throw this.#failure;
        taken = this.#keep(frame);
        this.#nowNs = frame.tSrcNs;
        yield frame;
      }
      await this.#link?.during(taken);
      if (this.#failure !== undefined) throw this.#failure;
    } finally {
      // The source is closed: nothing comes that a trigger could wait for.
      this.#link?.send({ type: 'endPush' });
    }
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
    await this.#source.close();
    const link = await this.#starting?.catch(() => undefined);
    await link?.close();
    this.#folder?.remove();
  }

  async #start({ width, height }: Frame): Promise<LiveLink> {
    this.#size = { width, height };
    await withBinding(() => import('../av/open-input.ts'));
    const { maxSec, maxBytes, storage } = this.#record;
    if (storage === 'disk') this.#folder = makePrivateFolder();
    const record = { maxSec, maxBytes, folder: this.#folder?.path };
    return new LiveLink(
      LABEL,
      (busy) => ({ type: 'openPush', job: { width, height, record, busy } }),
      {
        onReport: (report) => this.#onReport(report),
        onDeath: (error) => this.#fail(error),
      },
    );
  }

  /** Sends a copy, since the frame may be gone before it has been encoded. Resolves when it has. */
  #keep(frame: Frame): Promise<void> {
    const { width, height } = this.#size;
    if (frame.width !== width || frame.height !== height) {
      throw new RangeError(
        `Frames of one source have one size: after ${width}x${height} came ${frame.width}x${frame.height}.`,
      );
    }
    const rowBytes = width * 3;
    const pixels = new Uint8Array(rowBytes * height);
    for (let y = 0; y < height; y++) {
      const from = y * frame.strideBytes;
      pixels.set(frame.data.subarray(from, from + rowBytes), y * rowBytes);
    }
    const taken = new Promise<void>((resolve) => (this.#onTaken = resolve));
    this.#link!.send({ type: 'picture', tNs: frame.tSrcNs, data: pixels }, [pixels.buffer]);
    return taken;
  }

  #onReport(report: LiveReport): void {
    if (report.type === 'taken') this.#available = report.recorded;
    if (report.type === 'error') this.#failure ??= fromWireError(report.error);
    this.#onTaken?.();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#onTaken?.();
  }
}

function nothingRead(): VisualError {
  return new VisualError(
    'VB_CLIP_OUTSIDE',
    'Nothing of the pushed frames is kept yet: they are recorded as they are read from stream().',
  );
}
