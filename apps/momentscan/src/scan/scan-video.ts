import { createRequire } from 'node:module';
import path from 'node:path';
import { FileSource, nsToSec, type DamageReport, type MediaInfo } from 'visualbase';
import {
  FlowGraph,
  SimpleBackend,
  triggerOf,
  type FlowData,
  type PipelineResult,
} from 'visualpath';
import { FaceDetectionAnalyzer } from 'vpx-face-detect';
import { ExpressionAnalyzer } from 'vpx-face-expression';
import type { FaceDetectData, FaceExpressionData } from 'vpx-sdk';
import { HighlightTrigger } from '../highlight/highlight-trigger.ts';
import { Moment } from '../moments/moment.ts';
import { ClipWriter } from '../output/clip-writer.ts';
import { HIGHLIGHTS_VERSION, type Highlights } from '../output/highlights-schema.ts';
import { OutputFolder } from '../output/output-folder.ts';
import { MomentBoard } from './moment-board.ts';
import { scanSettings, type ScanOptions, type ScanSettings } from './scan-options.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Percentages need not be newer than this. */
const PROGRESS_EVERY_MS = 100;

/**
 * Finds the highlights of a video and writes them to a folder: a clip and a still each, and
 * `highlights.json`, which is whole at any time and lists what is finished.
 *
 * @returns The content of `highlights.json`; with status `interrupted` if the signal was aborted.
 * @throws VisualError `MS_OUTPUT_UNUSABLE`, what `FileSource.open` throws for a bad video, and what
 * a module throws; RangeError for a wrong option. Before the video is known to be readable nothing is
 * written.
 */
export async function scanVideo(videoPath: string, options: ScanOptions): Promise<Highlights> {
  const settings = scanSettings(options);
  const { fps, maxSidePx: maxSide } = settings;
  await using source = await FileSource.open(videoPath, { fps, maxSide });
  const output = await OutputFolder.prepare(options.outputPath);
  return await new Scan(videoPath, source, output, settings, options).run();
}

class Scan {
  readonly #source: FileSource;
  readonly #output: OutputFolder;
  readonly #settings: ScanSettings;
  readonly #options: ScanOptions;
  readonly #writer: ClipWriter;
  readonly #board: MomentBoard;
  readonly #problems: string[] = [];
  readonly #startedMs = performance.now();
  #open: Moment[] = [];
  #frameCount = 0;
  #faceFrameCount = 0;
  #scannedNs = 0;
  #progressMs = 0;
  #stageMs: Record<string, number> = {};
  #writing: Promise<void> = Promise.resolve();

  constructor(
    videoPath: string,
    source: FileSource,
    output: OutputFolder,
    settings: ScanSettings,
    options: ScanOptions,
  ) {
    this.#source = source;
    this.#output = output;
    this.#settings = settings;
    this.#options = options;
    this.#writer = new ClipWriter({
      videoPath,
      output,
      onProblem: (problem) => this.#problems.push(problem),
      signal: new AbortController().signal,
    });
    this.#board = new MomentBoard(this.#writer, output, settings.maxClips, () =>
      this.#save('running'),
    );
  }

  async run(): Promise<Highlights> {
    await this.#save('running');
    let status: Highlights['status'] = 'failed';
    try {
      this.#account(await this.#analyse());
      const isInterrupted = this.#options.signal?.aborted === true;
      if (isInterrupted) this.#writer.stop();
      else for (const moment of this.#open) this.#board.add(moment);
      await this.#board.settled();
      status = isInterrupted ? 'interrupted' : 'complete';
    } finally {
      this.#writer.stop();
      await this.#writer.idle();
      this.#reportDamage();
      await this.#save(status);
    }
    return this.#highlights(status);
  }

  async #analyse(): Promise<PipelineResult> {
    const { cooldownSec, preSec, postSec } = this.#settings;
    const graph = FlowGraph.fromModules(
      [
        new FaceDetectionAnalyzer({ mesh: true }),
        new ExpressionAnalyzer({ emotions: false }),
        new HighlightTrigger({ cooldownSec, preSec, postSec }),
      ],
      {
        onTrigger: (_data, observation) => {
          const trigger = triggerOf(observation);
          if (trigger !== undefined) this.#open.push(new Moment(trigger));
        },
      },
    );
    return new SimpleBackend().execute(this.#source, graph, {
      onFrame: (_frame, [data]) => this.#onFrame(data!),
    });
  }

  #onFrame(data: FlowData): boolean {
    const detected = data.results.get('face.detect')?.data as FaceDetectData | undefined;
    const expressed = data.results.get('face.expression')?.data as FaceExpressionData | undefined;
    this.#frameCount += 1;
    if ((detected?.faces.length ?? 0) > 0) this.#faceFrameCount += 1;
    this.#scannedNs = data.tNs;
    const stillOpen: Moment[] = [];
    for (const moment of this.#open) {
      if (moment.see(data.tNs, detected, expressed)) stillOpen.push(moment);
      else this.#board.add(moment);
    }
    this.#open = stillOpen;
    this.#reportProgress();
    return this.#options.signal?.aborted !== true;
  }

  #reportProgress(): void {
    const { onProgress } = this.#options;
    const nowMs = performance.now();
    if (onProgress === undefined || nowMs - this.#progressMs < PROGRESS_EVERY_MS) return;
    this.#progressMs = nowMs;
    const scannedSec = nsToSec(this.#scannedNs);
    onProgress({
      scannedSec,
      durationSec: nsToSec(this.#source.info.durationNs),
      momentCount: this.#board.count + this.#open.length,
      timesRealTime: (scannedSec * 1000) / (nowMs - this.#startedMs),
    });
  }

  #account({ stats }: PipelineResult): void {
    this.#stageMs = {
      'waiting for frames': stats.sourceWaitMs,
      ...Object.fromEntries(
        Object.entries(stats.modules).map(([name, { totalMs }]) => [name, totalMs]),
      ),
    };
  }

  #reportDamage(): void {
    const damage = this.#source.stats?.damage;
    if (damage !== undefined) this.#problems.push(...describeDamage(damage));
  }

  /** One write at a time, in order. */
  #save(status: Highlights['status']): Promise<void> {
    this.#writing = this.#writing
      .catch(() => undefined)
      .then(() => this.#output.writeHighlights(this.#highlights(status)));
    return this.#writing;
  }

  #highlights(status: Highlights['status']): Highlights {
    const wallSec = (performance.now() - this.#startedMs) / 1000;
    const scannedSec = nsToSec(this.#scannedNs);
    const round = (value: number): number => Math.round(value * 100) / 100;
    return {
      schema: 'momentscan/highlights',
      version: HIGHLIGHTS_VERSION,
      status,
      generator: { name: 'momentscan', version },
      source: describeSource(this.#source.info),
      settings: this.#settings,
      moments: this.#board.finished(),
      stats: {
        frameCount: this.#frameCount,
        faceFrameCount: this.#faceFrameCount,
        scannedSec: round(scannedSec),
        wallSec: round(wallSec),
        timesRealTime: round(scannedSec / wallSec),
        peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
        stageMs: Object.fromEntries(
          Object.entries({ ...this.#stageMs, clips: this.#writer.busyMs }).map(([stage, ms]) => [
            stage,
            Math.round(ms),
          ]),
        ),
      },
      problems: this.#problems,
    };
  }
}

function describeSource({
  path: file,
  sizeBytes,
  durationNs,
  video,
  audio,
}: MediaInfo): Highlights['source'] {
  return {
    fileName: path.basename(file),
    sizeBytes,
    durationSec: nsToSec(durationNs),
    widthPx: video.width,
    heightPx: video.height,
    fps: video.fps,
    videoCodec: video.codec,
    audioCodec: audio?.codec ?? null,
  };
}

function describeDamage(damage: DamageReport): string[] {
  const problems: string[] = [];
  if (damage.missingCount > 0) {
    problems.push(`The file was cut off: ${damage.missingCount} of its pictures are missing.`);
  }
  if (damage.missingNs > 0) {
    problems.push(
      `The file was cut off: its last ${nsToSec(damage.missingNs).toFixed(1)} s are missing.`,
    );
  }
  if (damage.packetCount + damage.pictureCount > 0) {
    problems.push(
      `The file is damaged: ${damage.packetCount} packets and ${damage.pictureCount} pictures have errors.`,
    );
  }
  if (damage.readError !== undefined) problems.push(`Reading broke off: ${damage.readError}.`);
  return problems;
}
