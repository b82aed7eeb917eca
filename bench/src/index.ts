export type { Bench, BenchOptions, BenchRow } from './bench-row.ts';
