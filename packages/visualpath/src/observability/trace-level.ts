/** How much is traced. */
export const TraceLevel = {
  /** Nothing. */
  OFF: 0,
  /** Runs, triggers and errors. */
  MINIMAL: 1,
  /** Also a summary of each frame, drops and delays. */
  NORMAL: 2,
  /** Also every call of a module with its signals. */
  VERBOSE: 3,
} as const;

/** One of the levels; each includes those below it. */
export type TraceLevel = (typeof TraceLevel)[keyof typeof TraceLevel];
