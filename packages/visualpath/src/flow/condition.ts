import type { FlowData } from '../core/flow-data.ts';
import type { SignalValue } from '../core/observation.ts';

/** How a signal is compared with a value. Numbers and strings have an order; booleans only `eq` and `ne`. */
export const COMPARISONS = {
  eq: (signal: SignalValue, value: SignalValue): boolean => signal === value,
  ne: (signal: SignalValue, value: SignalValue): boolean => signal !== value,
  gt: (signal: SignalValue, value: SignalValue): boolean => signal > value,
  ge: (signal: SignalValue, value: SignalValue): boolean => signal >= value,
  lt: (signal: SignalValue, value: SignalValue): boolean => signal < value,
  le: (signal: SignalValue, value: SignalValue): boolean => signal <= value,
} as const;

/** Name of a comparison: equal, not equal, greater than, greater or equal, less than, less or equal. */
export type ComparisonOp = keyof typeof COMPARISONS;

/** A condition as plain data: holds if some observation has such a signal. */
export interface SignalCondition {
  readonly signal: string;
  readonly op: ComparisonOp;
  readonly value: SignalValue;
  /** Name of the module whose signal counts. Default: any. */
  readonly source?: string;
}

/** Decides about an item: a synchronous function, or plain data that can be written to a file. */
export type Condition = ((data: FlowData) => boolean) | SignalCondition;

/** Makes a function of any condition. A signal of another type than the value does not hold. */
export function compileCondition(condition: Condition): (data: FlowData) => boolean {
  if (typeof condition === 'function') return condition;
  const { signal, op, value, source } = condition;
  const compare = COMPARISONS[op];
  const type = typeof value;
  return ({ observations }) => {
    for (const observation of observations) {
      if (source !== undefined && observation.source !== source) continue;
      const found = observation.signals[signal];
      if (typeof found === type && compare(found!, value)) return true;
    }
    return false;
  };
}
