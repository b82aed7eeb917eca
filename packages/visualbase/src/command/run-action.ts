import { isVisualError } from '../errors/visual-error.ts';
import { EXIT } from './exit-codes.ts';

/**
 * Does the work of a command: Ctrl-C aborts its signal, errors become one line on stderr, and the process
 * gets its exit code.
 *
 * @param name - Of the program, before its errors.
 * @param work - Gives the exit code; nothing for success. After an abort it may throw anything.
 */
export async function runAction(
  name: string,
  work: (signal: AbortSignal) => Promise<number | void>,
): Promise<void> {
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  // Threads that are about to end may leave nothing else for Node to wait for: it would exit with 13.
  const alive = setInterval(() => undefined, 60_000);
  try {
    const exitCode = (await work(interrupt.signal)) ?? EXIT.done;
    process.exitCode = interrupt.signal.aborted ? EXIT.interrupted : exitCode;
  } catch (error) {
    if (interrupt.signal.aborted) {
      console.error(`${name}: stopped`);
      process.exitCode = EXIT.interrupted;
      return;
    }
    console.error(describeError(name, error));
    const isUsage = error instanceof RangeError || error instanceof TypeError;
    process.exitCode = isUsage ? EXIT.usage : EXIT.failed;
  } finally {
    clearInterval(alive);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  }
}

/** One line for what has a code; everything for what should not have happened. */
export function describeError(name: string, error: unknown): string {
  if (isVisualError(error)) return `${name}: ${error.message} [${error.code}]`;
  if (error instanceof RangeError) return `${name}: ${error.message}`;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${name}: unexpected error, please report it\n${text}`;
}
