import { VisualError } from 'visualbase';
import type { Observation } from '../core/observation.ts';
import { decodeChunk, encodeChunk } from './observation-codec.ts';
import {
  mayPass,
  passes,
  spanOf,
  type ChunkSpan,
  type ObservationFilter,
} from './observation-filter.ts';
import { resolveLogOptions, type ObservationLogOptions } from './observation-log-options.ts';
import { SeriesBuilder, type SignalSeries } from './signal-series.ts';
import { SizeEstimator } from './size-estimator.ts';
import { SpillFile, type SpillRecord } from './spill-file.ts';

// A chunk is encoded in one go: this much takes a few milliseconds.
const MAX_CHUNK_BYTES = 512 * 1024;
const MIN_CHUNK_BYTES = 16 * 1024;

/** A stretch of the log: in memory, or in the file save for what could not be written. */
interface Chunk {
  observations: Observation[] | undefined;
  /** Estimated bytes while in memory. */
  memoryBytes: number;
  spilled: SpilledChunk | undefined;
}

interface SpilledChunk {
  readonly record: SpillRecord;
  readonly count: number;
  readonly span: ChunkSpan;
  readonly kept: ReadonlyMap<number, Observation>;
}

const newChunk = () =>
  ({ observations: [], memoryBytes: 0, spilled: undefined }) satisfies Chunk as Chunk & {
    observations: Observation[];
  };

// A log that is dropped without close() takes its folder with it.
const abandoned = new FinalizationRegistry<SpillFile>((file) => {
  file.remove().catch(() => undefined); // no one is left to tell; the exit tries again
});

/**
 * Every observation of a run in the order in which it was appended, in bounded memory: beyond
 * `maxMemoryBytes` the oldest are moved to a file, and read back piece by piece.
 *
 * {@link ObservationLog.append} only remembers; the moving is {@link ObservationLog.drain}'s, so
 * whoever appends calls it now and then and waits for its promise. That is the back-pressure.
 *
 * From memory come the objects that were appended, from the file copies that equal them bit for bit
 * (see {@link encodeObservation}). The file lies in a private folder, which
 * {@link ObservationLog.close} removes; so does the end of the process.
 */
export class ObservationLog implements AsyncDisposable {
  readonly #options: Required<ObservationLogOptions>;
  readonly #chunkBytes: number;
  readonly #estimator = new SizeEstimator();
  readonly #counts = new Map<string, number>();
  readonly #chunks: Chunk[];
  /** The last chunk, to which is appended. */
  #open = newChunk();
  /** Index of the oldest chunk that may be moved; the open one is never reached. */
  #nextToSpill = 0;
  #count = 0;
  /** Bytes in memory that may be moved, and that have proved not to be. */
  #pendingBytes = 0;
  #keptBytes = 0;
  #unspillableCount = 0;
  #file: SpillFile | undefined;
  #spilling: Promise<void> | undefined;
  #failure: VisualError | undefined;
  #closing: Promise<void> | undefined;

  /** @throws RangeError or TypeError naming the option that is wrong. */
  constructor(options: ObservationLogOptions = {}) {
    this.#options = resolveLogOptions(options);
    this.#chunks = [this.#open];
    const eighth = Math.floor(this.#options.maxMemoryBytes / 8);
    this.#chunkBytes = Math.max(MIN_CHUNK_BYTES, Math.min(MAX_CHUNK_BYTES, eighth));
  }

  /** Number of observations. This and the other figures can be read after {@link ObservationLog.close}. */
  get count(): number {
    return this.#count;
  }

  /** Number of observations of one module. */
  countOf(source: string): number {
    return this.#counts.get(source) ?? 0;
  }

  /** Names of the modules, in the order in which each was first seen. */
  get sources(): readonly string[] {
    return [...this.#counts.keys()];
  }

  /** Whether observations were moved to a file. */
  get isSpilled(): boolean {
    return this.spilledBytes > 0;
  }

  /** Size of the file. */
  get spilledBytes(): number {
    return this.#file?.byteLength ?? 0;
  }

  /** Estimated bytes of the observations in memory. */
  get memoryBytes(): number {
    return this.#pendingBytes + this.#keptBytes;
  }

  /**
   * Number of observations that were to be moved and stay in memory instead, because they hold
   * something that cannot be written. {@link encodeObservation} says what, for one of them.
   */
  get unspillableCount(): number {
    return this.#unspillableCount;
  }

  /**
   * Adds an observation, which must not change from now on. Takes well under a microsecond and
   * never writes.
   *
   * @throws VisualError `VP_CLOSED`.
   */
  append(observation: Observation): void {
    if (this.#closing !== undefined) throw closed();
    const { source } = observation;
    const bytes = this.#estimator.add(observation);
    const open = this.#open;
    open.observations.push(observation);
    open.memoryBytes += bytes;
    this.#pendingBytes += bytes;
    this.#count++;
    this.#counts.set(source, (this.#counts.get(source) ?? 0) + 1);
    if (open.memoryBytes >= this.#chunkBytes) {
      this.#open = newChunk();
      this.#chunks.push(this.#open);
    }
  }

  /**
   * Moves the oldest observations to the file if there are too many in memory. Encodes a few
   * milliseconds' worth at a time, between writes.
   *
   * @returns Undefined if there is nothing to do; else a promise to wait for before appending more.
   * It rejects with VisualError `VP_LOG_WRITE_FAILED`, now and every time after: nothing is lost,
   * all observations can still be read, but memory is no longer bounded.
   * @throws VisualError `VP_CLOSED`.
   */
  drain(): Promise<void> | undefined {
    if (this.#closing !== undefined) throw closed();
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (!this.#isOver()) return undefined;
    this.#spilling ??= this.#spill().finally(() => (this.#spilling = undefined));
    return this.#spilling;
  }

  /**
   * Reads the observations that were there at the time of the call, in the order in which they were
   * appended. Any number may read at a time, also while more is appended.
   *
   * @throws VisualError `VP_CLOSED`, also while iterating, and `VP_LOG_READ_FAILED`.
   */
  observations(filter: ObservationFilter = {}): AsyncIterableIterator<Observation> {
    return this.#flatten(this.#batches(filter));
  }

  /**
   * Reads the observations into an array, as {@link ObservationLog.observations} does. All of them
   * may be more than fits in memory.
   */
  async toArray(filter: ObservationFilter = {}): Promise<Observation[]> {
    const all: Observation[] = [];
    for await (const batch of this.#batches(filter)) {
      for (const observation of batch) all.push(observation);
    }
    return all;
  }

  /**
   * Reads one signal of one module. Observations that lack it, or have a text there, are left out.
   *
   * @throws VisualError `VP_CLOSED` and `VP_LOG_READ_FAILED`.
   */
  async series(source: string, signal: string): Promise<SignalSeries> {
    const builder = new SeriesBuilder(signal, this.countOf(source));
    for await (const batch of this.#batches({ source })) {
      for (const observation of batch) builder.add(observation);
    }
    return builder.build();
  }

  /** Forgets all observations and removes the file and its folder. Closing twice does it once. */
  close(): Promise<void> {
    this.#closing ??= this.#release();
    return this.#closing;
  }

  /** Closes the log. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** What could be moved is more than what is left of the budget; a chunk is always granted. */
  #isOver(): boolean {
    const left = this.#options.maxMemoryBytes - this.#keptBytes;
    return this.#pendingBytes > Math.max(left, this.#chunkBytes);
  }

  async #spill(): Promise<void> {
    while (this.#closing === undefined && this.#isOver()) {
      const chunk = this.#chunks[this.#nextToSpill]!;
      await this.#spillChunk(chunk, chunk.observations!);
      this.#nextToSpill++;
    }
  }

  async #spillChunk(chunk: Chunk, observations: readonly Observation[]): Promise<void> {
    const { bytes, kept } = encodeChunk(observations);
    if (bytes !== undefined) {
      const record = await this.#write(bytes);
      chunk.spilled = { record, count: observations.length, span: spanOf(observations), kept };
      chunk.observations = undefined;
    }
    this.#estimator.reset();
    let keptBytes = 0;
    for (const observation of kept.values()) keptBytes += this.#estimator.add(observation);
    this.#pendingBytes -= chunk.memoryBytes;
    this.#keptBytes += keptBytes;
    this.#unspillableCount += kept.size;
    chunk.memoryBytes = keptBytes;
  }

  async #write(bytes: Uint8Array): Promise<SpillRecord> {
    const { folder, maxMemoryBytes } = this.#options;
    try {
      if (this.#file === undefined) {
        this.#file = await SpillFile.create(folder);
        abandoned.register(this, this.#file, this);
      }
      return await this.#file.append(bytes);
    } catch (cause) {
      const path = this.#file?.path ?? folder;
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#failure = new VisualError(
        'VP_LOG_WRITE_FAILED',
        `Writing ${bytes.byteLength} bytes of observations to "${path}" failed (${reason}). They stay in memory, nothing is lost. Give the log a folder with room and permission to write (its folder option, or TMPDIR), or more memory than maxMemoryBytes ${maxMemoryBytes}.`,
        { cause, details: { path, byteLength: bytes.byteLength, maxMemoryBytes, reason } },
      );
      throw this.#failure;
    }
  }

  /** Checks and takes stock now, not when the first batch is asked for. */
  #batches(filter: ObservationFilter): AsyncGenerator<readonly Observation[], void, undefined> {
    if (this.#closing !== undefined) throw closed();
    return this.#readBatches(filter, this.#count);
  }

  async *#readBatches(
    filter: ObservationFilter,
    count: number,
  ): AsyncGenerator<readonly Observation[], void, undefined> {
    let left = count;
    for (let index = 0; left > 0; index++) {
      if (this.#closing !== undefined) throw closed();
      const chunk = this.#chunks[index]!;
      const { spilled } = chunk;
      const chunkCount = spilled?.count ?? chunk.observations!.length;
      // The chunk that was open may have grown since, and even been moved.
      const wantedCount = Math.min(left, chunkCount);
      left -= wantedCount;
      if (spilled !== undefined && !mayPass(filter, spilled.span)) continue;
      const observations = spilled ? await this.#read(spilled) : chunk.observations!;
      yield observations.slice(0, wantedCount).filter((observation) => passes(filter, observation));
    }
  }

  async *#flatten(
    batches: AsyncIterable<readonly Observation[]>,
  ): AsyncGenerator<Observation, void, undefined> {
    for await (const batch of batches) {
      for (const observation of batch) {
        if (this.#closing !== undefined) throw closed();
        yield observation;
      }
    }
  }

  async #read({ record, kept }: SpilledChunk): Promise<readonly Observation[]> {
    const file = this.#file!;
    try {
      return decodeChunk(await file.read(record), kept);
    } catch (cause) {
      if (this.#closing !== undefined) throw closed();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new VisualError(
        'VP_LOG_READ_FAILED',
        `Reading ${record.byteLength} bytes of observations back from "${file.path}" failed (${reason}). See that nothing else touches that folder, and run again.`,
        { cause, details: { path: file.path, ...record, reason } },
      );
    }
  }

  async #release(): Promise<void> {
    // Whoever waits for drain() is told of a failure.
    await this.#spilling?.catch(() => undefined);
    this.#chunks.length = 0;
    this.#open = newChunk();
    this.#estimator.reset();
    this.#pendingBytes = 0;
    this.#keptBytes = 0;
    if (this.#file === undefined) return;
    abandoned.unregister(this);
    await this.#file.remove();
  }
}

const closed = (): VisualError =>
  new VisualError(
    'VP_CLOSED',
    'The observation log was closed, and its observations are gone. Read them before close().',
  );
