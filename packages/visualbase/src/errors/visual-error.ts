/**
 * A stable error code. The prefix names the package: `VB` visualbase, `VP` core, `VPI` isolation,
 * `VPP` pathway, `VPX` SDK and plugins, `VPC` commands, `MS` momentscan. Codes are API; messages
 * may change.
 */
export type ErrorCode = `${'VB' | 'VP' | 'VPI' | 'VPP' | 'VPX' | 'VPC' | 'MS'}_${string}`;

/** Options of {@link VisualError}. */
export interface VisualErrorOptions extends ErrorOptions {
  /** The values behind the message, plain data only, so that they survive JSON and workers. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The form in which a {@link VisualError} crosses a thread or process border. */
export interface WireError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly cause: WireError | undefined;
}

// instanceof fails when two copies of the package are installed; a registered symbol does not.
const TAG = Symbol.for('visualpath.VisualError');

/**
 * The one error class of the project: a stable {@link VisualError.code}, a message that says what
 * happened with the values and what to do about it, and the original error as `cause`.
 */
export class VisualError extends Error {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'VisualError' });
    Object.defineProperty(this.prototype, TAG, { value: true });
  }
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: VisualErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Tells whether a value is a {@link VisualError}, also one made by another copy of this package. */
export const isVisualError = (error: unknown): error is VisualError =>
  error instanceof Error && TAG in error;

/** Turns any thrown value into plain data; `structuredClone` would drop name, code and class. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof Error)) {
    return {
      code: undefined,
      message: String(error),
      stack: undefined,
      details: {},
      cause: undefined,
    };
  }
  return {
    code: isVisualError(error) ? error.code : undefined,
    message: error.message,
    stack: error.stack,
    details: isVisualError(error) ? error.details : {},
    cause: error.cause === undefined ? undefined : toWireError(error.cause),
  };
}

/** Rebuilds an error from {@link toWireError}'s data, with code, stack and chain of causes. */
export function fromWireError(wire: WireError): Error {
  const options = wire.cause === undefined ? {} : { cause: fromWireError(wire.cause) };
  const error =
    wire.code === undefined
      ? new Error(wire.message, options)
      : new VisualError(wire.code, wire.message, { ...options, details: wire.details });
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}
