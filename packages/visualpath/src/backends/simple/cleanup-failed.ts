import { VisualError } from 'visualbase';
import { withSuppressed } from '../../core/suppressed-errors.ts';
import type { PipelineResult } from '../pipeline-result.ts';

/**
 * The error for a run that went well until it was closed; it carries the result. If it could not be
 * closed because of an abort, that is the signal's reason.
 */
export function cleanupFailed(
  errors: readonly unknown[],
  signal: AbortSignal | undefined,
  result?: PipelineResult,
): unknown {
  if (signal?.aborted === true && errors.includes(signal.reason)) {
    return withSuppressed(signal.reason as unknown, errors);
  }
  const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  const what =
    result === undefined
      ? 'Closing failed'
      : `The run processed all its ${result.frameCount} frames, but closing failed`;
  const where = result === undefined ? '' : ' The result is in details.result.';
  return new VisualError('VP_CLEANUP_FAILED', `${what}: ${messages.join('; ')}.${where}`, {
    cause: errors[0],
    details: { errors: messages, ...(result && { result }) },
  });
}
