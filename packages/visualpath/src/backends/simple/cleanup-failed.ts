import { VisualError } from 'visualbase';
import type { PipelineResult } from '../pipeline-result.ts';

/** The error for a run that went well until it was closed; it carries the result. */
export function cleanupFailed(errors: readonly unknown[], result?: PipelineResult): VisualError {
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
