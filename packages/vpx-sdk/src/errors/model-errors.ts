import { VisualError, type VisualErrorOptions } from 'visualbase';

/** Makes the error for bytes that are not a well-formed model. */
export const invalidModel = (message: string, options?: VisualErrorOptions): VisualError =>
  new VisualError('VPX_MODEL_INVALID', message, options);

/** Makes the error for a well-formed model that uses something we do not have. */
export const unsupportedModel = (message: string, options?: VisualErrorOptions): VisualError =>
  new VisualError('VPX_MODEL_UNSUPPORTED', message, options);

/** Makes the error for a `keepOutputs` entry that the model does not have. */
export const unknownOutput = (name: string, known: readonly string[]): VisualError =>
  new VisualError(
    'VPX_OUTPUT_UNKNOWN',
    `The model has no output "${name}"; it has ${known.map((k) => `"${k}"`).join(', ')}. Correct keepOutputs.`,
    { details: { name, known } },
  );
