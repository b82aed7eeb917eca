// What the commands of our packages have in common: exit codes, parsing, progress, errors. Not for others.
export { EXIT } from './exit-codes.ts';
export { describeError, runAction } from './run-action.ts';
export { openProgress, type Progress, type ProgressView } from './progress.ts';
export { exitWellOnHelp } from './exit-well-on-help.ts';
export { anySeconds, count, pixels, positive, seconds } from './option-parsers.ts';
export { formatTable } from './format-table.ts';
export { formatBytes, formatClock } from './format-values.ts';
