import type { FlowData } from '../../../core/flow-data.ts';
import { compileCondition } from '../../../flow/condition.ts';
import type {
  FilterSpec,
  ObservationFilterSpec,
  RateLimitSpec,
  SampleSpec,
  SignalFilterSpec,
  TimestampSampleSpec,
} from '../../../flow/specs.ts';

/** Specs that pass some items and hold back others. */
export type PassSpec =
  | FilterSpec
  | ObservationFilterSpec
  | SignalFilterSpec
  | SampleSpec
  | RateLimitSpec
  | TimestampSampleSpec;

/** Makes the test of a filter or sampler; it remembers what passed, so make one for each run. */
export function makeTest(spec: PassSpec, nowMs: () => number): (data: FlowData) => boolean {
  switch (spec.kind) {
    case 'filter':
      return compileCondition(spec.condition);
    case 'signalFilter':
      return compileCondition(spec);
    case 'observationFilter':
      return observationTest(spec);
    case 'sample':
      return sampleTest(spec);
    case 'rateLimit':
      return intervalTest(spec.minIntervalMs, nowMs);
    case 'timestampSample':
      return intervalTest(spec.intervalNs, (data) => data.tNs);
  }
}

function observationTest({ source, minCount = 1 }: ObservationFilterSpec) {
  return ({ observations }: FlowData): boolean => {
    if (source === undefined) return observations.length >= minCount;
    let count = 0;
    for (const observation of observations) if (observation.source === source) count += 1;
    return count >= minCount;
  };
}

function sampleTest({ every }: SampleSpec) {
  let seen = 0;
  return (): boolean => seen++ % every === 0;
}

/** Passes the first, then each at least `interval` after the last one passed. */
function intervalTest(interval: number, readTime: (data: FlowData) => number) {
  let lastPassed: number | undefined;
  return (data: FlowData): boolean => {
    const time = readTime(data);
    if (lastPassed !== undefined && time - lastPassed < interval) return false;
    lastPassed = time;
    return true;
  };
}
