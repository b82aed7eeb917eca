import {
  defineModule,
  VisualError,
  type AnyModule,
  type Frame,
  type Mark,
  type Observation,
  type ObservationInit,
  type ProcessContext,
} from '../../../src/index.ts';

/** What a module under test does otherwise than {@link brightness}. */
export interface Deviation {
  readonly name?: string;
  readonly depends?: readonly string[];
  readonly optionalDepends?: readonly string[];
  readonly stateful?: boolean;
  readonly capabilities?: AnyModule['capabilities'];
  readonly portSchema?: NonNullable<AnyModule['portSchema']>;
  initialize?(): void | Promise<void>;
  process?(frame: Frame, deps: Deps, ctx: ProcessContext): Result | Promise<Result>;
  processBatch?(frames: readonly Frame[]): readonly Result[];
  reset?(): void;
  cleanup?(): void;
  annotate?(observation: Observation): readonly Mark[];
}

type Result = ObservationInit | undefined;
type Deps = Readonly<Record<string, Observation | undefined>>;

export const PORTS = { inputs: {}, outputs: { brightness: 'number' } } as const;

/** Mean luma, 0..1. */
export const meanOf = (frame: Frame): number => {
  const { data } = frame.gray();
  return data.reduce((sum, luma) => sum + luma, 0) / data.length / 255;
};

/** What {@link brightness} gives for a frame. */
export const look = (frame: Frame) => ({
  signals: { brightness: meanOf(frame) },
  data: { rows: Float32Array.of(frame.height, meanOf(frame)), size: [frame.width, frame.height] },
});

/** A module that does everything right, save where it is told otherwise. */
export function brightness(deviation: Deviation = {}): AnyModule {
  const { process, ...rest } = deviation;
  return defineModule<string, unknown, readonly string[], readonly string[]>({
    name: 'frame.brightness',
    capabilities: { flags: ['DETERMINISTIC', 'THREAD_SAFE'] },
    portSchema: PORTS,
    process: (frame: Frame, deps, ctx) =>
      process === undefined ? look(frame) : process(frame, deps, ctx),
    annotate: ({ signals }: Observation) => [
      {
        kind: 'bar' as const,
        at: { space: 'norm' as const, x: 0.1, y: 0.1 },
        value: Number(signals['brightness']),
      },
    ],
    ...rest,
  });
}

/** A module that loads something, remembers the frame before, and takes batches. */
export function change(): AnyModule {
  let loaded: { before: number | undefined } | undefined;
  const step = (frame: Frame): ObservationInit => {
    if (loaded === undefined) {
      throw new VisualError('VPX_NOT_INITIALIZED', 'Call initialize() before process().');
    }
    const now = meanOf(frame);
    const difference = now - (loaded.before ?? now);
    loaded.before = now;
    return { signals: { brightness: now, change: difference } };
  };
  return brightness({
    name: 'frame.change',
    stateful: true,
    capabilities: { flags: ['STATEFUL', 'BATCHING', 'DETERMINISTIC'], maxBatchSize: 16 },
    portSchema: { inputs: {}, outputs: { brightness: 'number', change: 'number' } },
    initialize: async () => {
      loaded = { before: undefined };
    },
    process: async (frame, _deps, { signal }) => {
      signal.throwIfAborted();
      return step(frame);
    },
    processBatch: (frames) => {
      const before = loaded?.before;
      try {
        return frames.map(step);
      } catch (error) {
        if (loaded !== undefined) loaded.before = before;
        throw error;
      }
    },
    reset: () => {
      if (loaded !== undefined) loaded.before = undefined;
    },
    cleanup: () => {
      loaded = undefined;
    },
  });
}
