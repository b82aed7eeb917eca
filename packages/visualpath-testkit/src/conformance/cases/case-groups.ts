import type { ConformanceGroup } from '../conformance-case.ts';

/** All cases, by subject. */
export const CASE_GROUPS: readonly ConformanceGroup[] = [];
