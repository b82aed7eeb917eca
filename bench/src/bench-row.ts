/** One figure of a benchmark. */
export interface BenchRow {
  /** Name of the benchmark: its file without `.bench.ts`. */
  readonly bench: string;
  /** What was measured, for example `'all frames as RGB'`. */
  readonly case: string;
  readonly value: number;
  /** Unit of `value` and `baseline`, for example `'fps'`, `'ms p50'`, `'us/frame'`. */
  readonly unit: string;
  /** The same measure for what it is compared with, taken in the same run. */
  readonly baseline?: number;
  /** `value / baseline`. */
  readonly ratio?: number;
  /** The target in words, for example `'>= 0.9'`. */
  readonly target?: string;
  /** Whether the target is met. A run in which one is not ends with exit code 1. */
  readonly ok?: boolean;
}

/** What a benchmark may be asked for. */
export interface BenchOptions {
  /** Fewer repetitions: enough to see that it runs, too few to quote. */
  readonly quick: boolean;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** The Python to compare with, where one is; `undefined`: the benchmark looks for one. */
  readonly python?: string | undefined;
}

/** The default export of every `*.bench.ts`: measures, and reports each figure as it has it. */
export type Bench = (report: (row: BenchRow) => void, options: BenchOptions) => Promise<void>;
