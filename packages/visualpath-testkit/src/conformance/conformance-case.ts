import type { ExecutionBackend } from 'visualpath';

/** How a backend is to work through frames. A backend that cannot ignores what it cannot. */
export interface Schedule {
  /** Frames that go through the graph together. Default 1. */
  readonly batchSize?: number;
  /** Groups of frames that may be worked on at a time. Default 1. */
  readonly maxInFlight?: number;
  /** Whether what does not depend on each other runs side by side. Default true. */
  readonly parallel?: boolean;
}

/** Makes the backend under test. */
export type OpenBackend = (schedule: Schedule) => ExecutionBackend | Promise<ExecutionBackend>;

/** One thing that every backend must do. */
export interface ConformanceCase {
  /** A sentence about behaviour; unique in its group. */
  readonly name: string;
  /** Throws if the backend does something else. */
  run(open: OpenBackend): Promise<void>;
}

/** Cases about one subject. */
export interface ConformanceGroup {
  readonly name: string;
  readonly cases: readonly ConformanceCase[];
}

/** The schedules under which results must be the same. */
const SCHEDULES: Readonly<Record<string, Schedule>> = {
  'one by one': { parallel: false },
  'side by side': {},
  'in batches': { batchSize: 4 },
  'several in flight': { maxInFlight: 3 },
  'batches in flight': { batchSize: 3, maxInFlight: 2 },
};

/** Makes a case of each schedule. */
export function underEverySchedule(
  name: string,
  run: (open: () => ReturnType<OpenBackend>) => Promise<void>,
): readonly ConformanceCase[] {
  return Object.entries(SCHEDULES).map(([label, schedule]) => ({
    name: `${name} (${label})`,
    run: (open) => run(() => open(schedule)),
  }));
}
