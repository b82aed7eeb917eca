/** What a decoder process may take before it is ended. */
export interface IsolationLimits {
  /** Milliseconds in which it gets on with nothing although there is room for frames. Default 30,000. */
  readonly stallTimeoutMs?: number;
  /** Memory of its own in MiB, frames ahead of the reader not counted; enforced on Linux. Default 2048. */
  readonly maxRssMb?: number;
}

/** {@link IsolationLimits} with the defaults filled in. */
export type ResolvedLimits = Required<IsolationLimits>;

/** Fills in defaults; undefined for no isolation. @throws RangeError naming the limit and its value. */
export function resolveIsolation(
  isolate: boolean | IsolationLimits | undefined,
): ResolvedLimits | undefined {
  if (isolate === undefined || isolate === false) return undefined;
  const limits = { stallTimeoutMs: 30_000, maxRssMb: 2048, ...(isolate === true ? {} : isolate) };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new RangeError(`\`isolate.${name}\` must be a number above 0, got ${String(value)}.`);
  }
  return limits;
}
