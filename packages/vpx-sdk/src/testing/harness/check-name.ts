/** Names of the checks, in the order in which they run. */
export const CHECK_NAMES = [
  'name',
  'package',
  'capabilities',
  'ports',
  'signals-seen',
  'inputs',
  'serializable',
  'stable-results',
  'deterministic',
  'reset',
  'stateless',
  'batch',
  'thread-safe',
  'before-initialize',
  'restart',
  'cleanup',
  'abort',
  'after-error',
  'frames-borrowed',
  'frames-unchanged',
  'optional-dependencies',
  'annotate',
  'memory',
] as const;

/** Name of one check of {@link PluginTestHarness}. */
export type CheckName = (typeof CHECK_NAMES)[number];
