import { setTimeout as sleep } from 'node:timers/promises';
import { Packet, type Frame } from 'node-av/lib';
import { SampleGrid } from '../decode/sample-grid.ts';
import { isVisualError, toWireError, VisualError } from '../errors/visual-error.ts';
import { retryDelayMs } from '../live/backoff.ts';
import { LiveClock } from '../live/live-clock.ts';
import type { LiveJob, LiveMessage, LiveStats, StreamGap } from '../live/live-job.ts';
import type { LiveRingWriter } from '../live/live-ring.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { ticksToNs } from '../time/ns.ts';
import { CutQueue } from './cut-queue.ts';
import { LiveConnection, type ReadOutcome } from './live-connection.ts';
import { LiveDecoding } from './live-decoding.ts';
import { PacketRecorder } from './packet-recorder.ts';
import { parametersOf } from './track-parameters.ts';
import { ticksOf } from './video-decoder.ts';

/** A stream whose pictures are never marked as key frames is decoded from here on all the same. */
const MAX_PACKETS_TO_KEY = 300;
const MIN_GAP_NS = 1_000_000_000;
const MAX_GAPS = 100;
const TICK_MS = 250;
/** What an interrupted call may take to come back. */
const STUCK_MS = 2000;
/** No codec reorders pictures as far as this. */
const MAX_REORDER_SEC = 10;

/** What {@link LiveRun} reports to, and asks for. */
export interface LiveHost {
  send(message: LiveMessage): void;
  /** Resolves when the reader has given a slot back. */
  room(): Promise<void>;
}

/** A live source from the first connection to the end: reading, decoding, keeping, coming back. */
export class LiveRun {
  readonly #job: LiveJob;
  readonly #host: LiveHost;
  readonly #stop = new AbortController();
  readonly #clock: LiveClock;
  readonly #recorder: PacketRecorder | undefined;
  readonly #cuts: CutQueue | undefined;
  readonly #packet = new Packet();
  readonly #grid: SampleGrid | undefined;
  #connection: LiveConnection | undefined;
  #decoding: LiveDecoding | undefined;
  #ring: LiveRingWriter | undefined;
  #size = { width: 0, height: 0 };
  #startedMs = 0;
  #lastPacketMs = 0;
  #isReading = false;
  #isStalled = false;
  #isEndless = true;
  #frameId = 0;
  /** To connect, since the last picture. */
  #attempts = 0;
  #lastNs = -1;
  #arrivedEpochMs = 0;
  #gaps: StreamGap[] = [];
  #figures = {
    connectCount: 0,
    lostCount: 0,
    stallCount: 0,
    packetCount: 0,
    byteCount: 0,
    decodedCount: 0,
    publishedCount: 0,
  };
  #damagedCount = 0;

  constructor(job: LiveJob, host: LiveHost) {
    this.#job = job;
    this.#host = host;
    this.#clock = new LiveClock(() => this.#elapsedNs());
    this.#recorder = job.record && new PacketRecorder(job.record);
    this.#cuts = this.#recorder && new CutQueue(this.#recorder, (message) => host.send(message));
    this.#grid = job.fps === undefined ? undefined : new SampleGrid(job.fps);
    this.#packet.alloc();
  }

  /** Requests to cut; undefined when nothing is kept. */
  get cuts(): CutQueue | undefined {
    return this.#cuts;
  }

  /** Makes the first connection. @throws VisualError as `LiveConnection.open`. */
  async open(): Promise<{ info: MediaInfo; startEpochMs: number; isEndless: boolean }> {
    const connection = await this.#connect();
    this.#isEndless = this.#job.isEndless ?? !connection.isFinite;
    this.#startedMs = performance.now();
    return {
      info: connection.info,
      startEpochMs: performance.timeOrigin + this.#startedMs,
      isEndless: this.#isEndless,
    };
  }

  /** Reads to the end. @throws VisualError `VB_STREAM_LOST`, or as a decoder. */
  async run(ring: LiveRingWriter, size: { width: number; height: number }): Promise<void> {
    this.#ring = ring;
    this.#size = size;
    const timer = setInterval(() => this.#tick(), TICK_MS);
    try {
      for (;;) {
        const outcome = await this.#readConnection();
        if (this.#isOver() || (outcome === 'end' && !this.#isEndless)) return;
        const reason = this.#lose(outcome);
        // From its beginning it would come once more.
        if (!this.#isEndless) throw this.#lostForGood(reason, 0);
        await this.#reconnect(reason);
        if (this.#isOver()) return;
      }
    } finally {
      clearInterval(timer);
      this.#closeConnection();
      this.#cuts?.finish();
    }
  }

  /** Ends everything soon; what is under way is interrupted. */
  stop(): void {
    this.#stop.abort();
    if (this.#isReading) this.#connection?.interrupt();
  }

  /** Frees what is kept. */
  close(): void {
    this.#closeConnection();
    this.#recorder?.close();
    this.#packet.free();
  }

  /** Figures so far. */
  stats(): LiveStats {
    return {
      ...this.#figures,
      damagedCount: this.#damagedCount + (this.#decoding?.damageCount ?? 0),
      droppedCount: this.#ring?.droppedCount ?? 0,
      gaps: this.#gaps,
      recorded: this.#recorder?.range,
      recordedBytes: this.#recorder?.sizeBytes ?? 0,
    };
  }

  #isOver(): boolean {
    return this.#stop.signal.aborted || this.#ring?.isStopped === true;
  }

  #elapsedNs(): number {
    return Math.round((performance.now() - this.#startedMs) * 1e6);
  }

  async #connect(): Promise<LiveConnection> {
    const { input, connectTimeoutMs } = this.#job;
    const connection = await LiveConnection.open(input, connectTimeoutMs, this.#stop.signal);
    this.#connection = connection;
    this.#figures.connectCount += 1;
    return connection;
  }

  #closeConnection(): void {
    this.#damagedCount += this.#decoding?.damageCount ?? 0;
    this.#decoding?.free();
    this.#decoding = undefined;
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #readConnection(): Promise<Exclude<ReadOutcome, 'packet'>> {
    const connection = this.#connection!;
    this.#begin(connection);
    this.#lastPacketMs = performance.now();
    let skipped = 0;
    for (;;) {
      if (this.#job.overflow === 'wait') await this.#waitForRoom();
      if (this.#isOver()) return 'end';
      this.#isReading = true;
      const outcome = await connection.read(this.#packet);
      this.#isReading = false;
      if (outcome !== 'packet') {
        if (outcome === 'end' && !this.#isOver()) await this.#takePictures(null);
        return this.#isStalled ? { lost: `silent for ${this.#job.stallTimeoutMs} ms` } : outcome;
      }
      this.#lastPacketMs = performance.now();
      this.#arrivedEpochMs = performance.timeOrigin + this.#lastPacketMs;
      this.#figures.packetCount += 1;
      this.#figures.byteCount += this.#packet.size;
      const isVideo = this.#packet.streamIndex === connection.video.index;
      // Decoding can begin at a key frame only.
      if (isVideo && !this.#clock.isAnchored && !this.#canBegin()) {
        if (++skipped < MAX_PACKETS_TO_KEY) continue;
      }
      if (isVideo) await this.#onVideo(connection);
      else if (this.#packet.streamIndex === connection.audio?.index) this.#onAudio(connection);
    }
  }

  #begin(connection: LiveConnection): void {
    const { video, audio, info } = connection;
    this.#isStalled = false;
    this.#clock.begin(video.timeBase, info.video.fps);
    this.#decoding = new LiveDecoding(connection, this.#size, this.#recorder);
    if (this.#recorder === undefined) connection.discardAudio();
    this.#recorder?.begin({
      video: this.#decoding.recordedParameters ?? parametersOf(video),
      audio: audio && parametersOf(audio),
    });
  }

  #canBegin(): boolean {
    return this.#packet.isKeyframe || this.#decoding!.isRaw;
  }

  async #onVideo(connection: LiveConnection): Promise<void> {
    const packet = this.#packet;
    const { num, den } = connection.video.timeBase;
    const dts = ticksOf(packet.dts);
    const elapsedTicks = BigInt(Math.round((this.#elapsedNs() / 1e9) * (den / num)));
    const pts = likelyPts(ticksOf(packet.pts), dts, den / num) ?? elapsedTicks;
    const offset = this.#clock.offsetFor(pts, dts);
    packet.pts = pts + offset;
    packet.dts = (dts ?? pts) + offset;
    await this.#takePictures(packet);
    this.#cuts?.onProgress();
  }

  async #takePictures(packet: Packet | null): Promise<void> {
    const decoding = this.#decoding!;
    for (const picture of decoding.pictures(packet)) {
      if (this.#job.overflow === 'wait') await this.#waitForRoom();
      this.#onPicture(picture, decoding);
    }
  }

  #onAudio(connection: LiveConnection): void {
    const recorder = this.#recorder;
    if (recorder === undefined || !this.#clock.isAnchored) return;
    const packet = this.#packet;
    const pts = ticksOf(packet.pts) ?? ticksOf(packet.dts);
    if (pts === undefined) return;
    const offset = this.#clock.offsetIn(connection.audio!.timeBase);
    packet.pts = pts + offset;
    packet.dts = (ticksOf(packet.dts) ?? pts) + offset;
    recorder.add('audio', packet, packet.dts);
  }

  #onPicture(picture: Frame, decoding: LiveDecoding): void {
    this.#figures.decodedCount += 1;
    this.#attempts = 0;
    const frameId = this.#frameId++;
    const tNs = this.#timeOf(picture, decoding);
    if (this.#isOver() || (this.#grid !== undefined && !this.#grid.take(tNs))) return;
    const slot = this.#ring!.claim(this.#job.overflow);
    if (slot === undefined) return;
    decoding.convert(picture, this.#ring!.pixelsOf(slot));
    this.#figures.publishedCount += 1;
    const isReaderAsleep = this.#ring!.publish(slot, tNs, frameId, this.#arrivedEpochMs);
    if (isReaderAsleep) this.#host.send({ type: 'wake' });
  }

  #timeOf(picture: Frame, { timebase }: LiveDecoding): number {
    const ticks = ticksOf(picture.bestEffortTimestamp);
    const saidNs = ticks === undefined ? -1 : ticksToNs(ticks, timebase.num, timebase.den);
    const tNs = Math.max(saidNs, this.#lastNs + 1);
    const isGap = this.#lastNs >= 0 && tNs - this.#lastNs >= MIN_GAP_NS;
    if (isGap) this.#gaps = [...this.#gaps, { startNs: this.#lastNs, endNs: tNs }].slice(-MAX_GAPS);
    return (this.#lastNs = tNs);
  }

  async #waitForRoom(): Promise<void> {
    while (!this.#isOver() && this.#ring!.requestRoom()) await this.#host.room();
  }

  #lose(outcome: Exclude<ReadOutcome, 'packet'>): string {
    const reason = outcome === 'end' ? 'the sender closed the connection' : outcome.lost;
    this.#figures.lostCount += 1;
    this.#closeConnection();
    this.#host.send({
      type: 'event',
      event: { type: 'lost', reason, tNs: Math.max(0, this.#lastNs) },
    });
    return reason;
  }

  async #reconnect(lostBecause: string): Promise<void> {
    const { reconnect } = this.#job;
    let reason = lostBecause;
    // A sender that takes connections and sends nothing uses attempts up as well.
    while (this.#attempts < reconnect.maxAttempts) {
      const attempt = ++this.#attempts;
      const delayMs = retryDelayMs(reconnect, attempt, Math.random());
      this.#event({ type: 'retrying', attempt, delayMs, reason });
      await sleep(delayMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (this.#isOver()) return;
      try {
        await this.#connect();
        this.#event({ type: 'connected', attempt });
        return;
      } catch (error) {
        if (this.#isOver()) return;
        if (!isVisualError(error)) throw error;
        const { reason: cause } = error.details;
        reason = typeof cause === 'string' ? cause : error.message;
      }
    }
    throw this.#lostForGood(reason, reconnect.maxAttempts);
  }

  #event(event: (LiveMessage & { type: 'event' })['event']): void {
    this.#host.send({ type: 'event', event });
  }

  #tick(): void {
    const silentMs = performance.now() - this.#lastPacketMs;
    if (this.#isReading && !this.#isStalled && silentMs > this.#job.stallTimeoutMs) {
      this.#isStalled = true;
      this.#figures.stallCount += 1;
      this.#event({ type: 'stalled', silentMs });
      this.#connection?.interrupt();
    }
    if (this.#isStalled && this.#isReading && silentMs > 2 * this.#job.stallTimeoutMs + STUCK_MS) {
      this.#reportStuck(silentMs);
    }
    // A stream that is held up by its reader is not away.
    const isAway = this.#connection === undefined || this.#isStalled;
    if (isAway && this.#job.overflow !== 'wait') this.#cuts?.onTime(this.#elapsedNs());
    this.#host.send({ type: 'stats', stats: this.stats() });
  }

  /** Native code that does not come back cannot be ended; the reader need not wait for it. */
  #reportStuck(silentMs: number): void {
    const reason = `silent for ${Math.round(silentMs)} ms, and cannot be interrupted`;
    const error = toWireError(this.#lostForGood(reason, 0));
    this.#host.send({ type: 'error', error, stats: this.stats() });
  }

  #lostForGood(reason: string, attempts: number): VisualError {
    const { label } = this.#job.input;
    return new VisualError(
      'VB_STREAM_LOST',
      `${label} broke off and did not come back within ${attempts} attempts: ${reason}. Check the sender and the network, or allow more attempts with the reconnect option.`,
      { details: { source: label, reason, attempts } },
    );
  }
}

/** When a packet is shown: soon after it is decoded, or its sender is wrong about it. */
function likelyPts(
  pts: bigint | undefined,
  dts: bigint | undefined,
  ticksPerSec: number,
): bigint | undefined {
  if (pts === undefined || dts === undefined) return pts ?? dts;
  const aheadSec = Number(pts - dts) / ticksPerSec;
  return Math.abs(aheadSec) <= MAX_REORDER_SEC ? pts : dts;
}
