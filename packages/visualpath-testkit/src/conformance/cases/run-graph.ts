import assert from 'node:assert/strict';
import type {
  ExecuteOptions,
  ExecutionBackend,
  FlowGraph,
  Frames,
  FramesBySource,
  PipelineResult,
} from 'visualpath';
import { RingFrames } from '../../ring-frames.ts';
import { recordRun, type RunRecord } from '../record-run.ts';
import { runTexts } from './run-text.ts';

/** A run that went well. */
export interface GoodRun extends RunRecord {
  readonly result: PipelineResult;
  /** Its events as texts; see {@link runTexts}. */
  readonly texts: readonly string[];
}

/** Options of {@link runAt} and {@link failAt}. */
export interface RunAtOptions extends ExecuteOptions {
  /** Slots of the ring that the frames are in. Default 4. */
  readonly slotCount?: number;
  readonly recordObservations?: boolean;
}

type Opened = ExecutionBackend | Promise<ExecutionBackend>;

/** Runs a graph over given frames. Throws what the run throws. */
export async function runOver(
  backend: Opened,
  frames: Frames | FramesBySource,
  graph: FlowGraph,
  options: RunAtOptions = {},
): Promise<GoodRun> {
  const record = await recordRun(await backend, frames, graph, options);
  if (record.result === undefined) throw record.error;
  return { ...record, result: record.result, texts: runTexts(record.events) };
}

/**
 * Runs a graph over frames at given times, and checks that every frame was given back. Throws what the
 * run throws.
 */
export async function runAt(
  backend: Opened,
  timesNs: readonly number[],
  graph: FlowGraph,
  options: RunAtOptions = {},
): Promise<GoodRun> {
  const ring = ringOf(timesNs, options);
  const run = await runOver(backend, ring, graph, options);
  assertAllBack(ring);
  return run;
}

/** A run that failed. */
export interface FailedRun extends RunRecord {
  readonly texts: readonly string[];
}

/** The same for a run that must fail: its error and what was called back before. */
export async function failAt(
  backend: Opened,
  timesNs: readonly number[],
  graph: FlowGraph,
  options: RunAtOptions = {},
): Promise<FailedRun> {
  const ring = ringOf(timesNs, options);
  const record = await recordRun(await backend, ring, graph, options);
  assert.equal(record.result, undefined, 'the run had to fail');
  assertAllBack(ring);
  return { ...record, texts: runTexts(record.events) };
}

/** Checks that nobody holds a frame of the ring any more. */
export function assertAllBack(ring: RingFrames): void {
  assert.equal(ring.freeCount, ring.slotCount, 'frames were not given back');
}

const ringOf = (timesNs: readonly number[], { slotCount }: RunAtOptions): RingFrames =>
  new RingFrames(slotCount === undefined ? { timesNs } : { timesNs, slotCount });
