import type { Frame } from 'visualbase';
import type { FlowData } from '../../core/flow-data.ts';
import type { Observation } from '../../core/observation.ts';

/** One frame's way through a graph, or the flush at the end of the stream, which has no frame. */
export interface Turn {
  readonly frame: Frame | undefined;
  /** Index of the source node that the frame enters by. */
  readonly sourceIndex: number;
  /** Newest media time of the frames so far, this one included; `Infinity` for the flush. */
  readonly watermarkNs: number;
  /** Frames that buffering nodes have let go in this turn: they are needed until its results are delivered. */
  unpinned: Frame[] | undefined;
  /** When the frame came, by `performance.now()`; 0 if nobody wants to know. */
  arrivedMs: number;
  /** Set when the run is over and nobody waits for the turn: no code of others is called for it any more. */
  isAbandoned: boolean;
  /** What left the graph. */
  results: readonly FlowData[];
  /** Every observation made, where somebody wants to know. */
  observations: Observation[] | undefined;
}

/** Makes the turn of a frame, or the flush. */
export function makeTurn(
  frame: Frame | undefined,
  sourceIndex: number,
  watermarkNs: number,
  isRecorded: boolean,
): Turn {
  return {
    frame,
    sourceIndex,
    watermarkNs,
    unpinned: undefined,
    arrivedMs: 0,
    isAbandoned: false,
    results: [],
    observations: isRecorded ? [] : undefined,
  };
}
