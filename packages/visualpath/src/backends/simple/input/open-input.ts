import { VisualError, type FrameSource } from 'visualbase';
import type { Frames, FramesBySource, Overflow, QueueOptions } from '../../execution-backend.ts';
import { isFrames } from '../../is-frames.ts';
import { FrameHolds } from './frame-holds.ts';
import type { FrameInput } from './frame-input.ts';
import { FrameReader } from './frame-reader.ts';
import { MergedInput } from './merged-input.ts';
import { checkQueue, QueuedInput } from './queued-input.ts';

/** The input of a run, with what the run has to know about it. */
export interface OpenedInput {
  readonly input: FrameInput;
  readonly holds: FrameHolds;
  /** Index of the source node of the frame that came last. */
  readonly sourceIndexOfLast: () => number;
  /** Frames taken from the sources so far. */
  readonly readCount: () => number;
  /** Frames that a queue dropped so far, by reason. */
  readonly dropped: () => Readonly<Record<string, number>>;
}

/**
 * Prepares frames for a graph.
 *
 * @param sources - Indices of the graph's source nodes by name.
 * @throws VisualError `VP_SOURCES_MISMATCH` if the frames given are not those that the graph needs;
 * RangeError for a wrong queue.
 */
export function openInput(
  frames: Frames | FramesBySource,
  sources: ReadonlyMap<string, number>,
  options: {
    readonly queue: QueueOptions | undefined;
    readonly signal: AbortSignal | undefined;
    /** Called for each frame that a queue drops. */
    readonly onDrop?: ((reason: Overflow) => void) | undefined;
    /** See {@link FrameHolds}. */
    readonly isCopying: boolean;
  },
): OpenedInput {
  const { queue, signal, isCopying, onDrop } = options;
  if (queue !== undefined) checkQueue(queue);
  const byName = isFrames(frames) ? nameSingle(frames, sources) : frames;
  const given = Object.keys(byName);
  const needed = [...sources.keys()];
  if (given.length !== needed.length || needed.some((name) => !given.includes(name))) {
    throw mismatch(given, needed);
  }
  const holds = new FrameHolds(fewestSlots(Object.values(byName)), isCopying);
  const indices = given.map((name) => sources.get(name)!);
  const readers: FrameReader[] = [];
  const queues: QueuedInput[] = [];
  const inputs = Object.values(byName).map((one): FrameInput => {
    const reader = new FrameReader(one, signal);
    readers.push(reader);
    // What gives frames when asked cannot run over.
    if (queue === undefined || !reader.isAsynchronous) return reader;
    const queued = new QueuedInput(reader, queue, holds, onDrop);
    queues.push(queued);
    return queued;
  });
  const dropped = (): Readonly<Record<string, number>> => {
    const count = queues.reduce((sum, { droppedCount }) => sum + droppedCount, 0);
    return count === 0 ? {} : { [queue!.overflow]: count };
  };
  const readCount = (): number => readers.reduce((sum, reader) => sum + reader.readCount, 0);
  const figures = { holds, readCount, dropped };
  if (inputs.length === 1) {
    return { ...figures, input: inputs[0]!, sourceIndexOfLast: () => indices[0]! };
  }
  const input = new MergedInput(inputs);
  return { ...figures, input, sourceIndexOfLast: () => indices[input.lastLane]! };
}

function nameSingle(frames: Frames, sources: ReadonlyMap<string, number>): FramesBySource {
  const needed = [...sources.keys()];
  if (needed.length !== 1) throw mismatch(['(one without a name)'], needed);
  return { [needed[0]!]: frames };
}

function mismatch(given: readonly string[], needed: readonly string[]): VisualError {
  const example = needed.map((name) => `${JSON.stringify(name)}: ...`).join(', ');
  return new VisualError(
    'VP_SOURCES_MISMATCH',
    `The graph has ${needed.length} source nodes (${needed.join(', ')}), but frames were given for ${given.join(', ') || 'none'}. Give frames by the name of the source node: { ${example} }.`,
    { details: { given, needed } },
  );
}

function fewestSlots(sources: readonly Frames[]): number | undefined {
  const counts = sources
    .map((source) => (source as Partial<FrameSource>).slotCount)
    .filter((count) => count !== undefined);
  return counts.length === 0 ? undefined : Math.min(...counts);
}
