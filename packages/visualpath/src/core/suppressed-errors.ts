/**
 * Attaches errors to the one that came before them, which is the one to throw: they are in its
 * `suppressed`. (Node 20 has no SuppressedError, and it would put the last error in the place of the
 * first.)
 */
export function withSuppressed<E>(error: E, later: readonly unknown[]): E {
  const others = later.filter((one) => one !== error);
  if (others.length === 0) return error;
  try {
    const holder = error as { suppressed?: unknown };
    const known: unknown[] = Array.isArray(holder.suppressed) ? holder.suppressed : [];
    holder.suppressed = [...known, ...others];
  } catch {
    // What was thrown is frozen, or no object: better said than lost.
    for (const one of others) process.emitWarning(one instanceof Error ? one : String(one));
  }
  return error;
}

/** Does something, then always something else; the error of the first is the one that is thrown. */
export async function doThenAlways<T>(
  act: () => Promise<T>,
  always: () => PromiseLike<void> | void,
): Promise<T> {
  let result: T;
  try {
    result = await act();
  } catch (error) {
    try {
      await always();
    } catch (later) {
      throw withSuppressed(error, [later]);
    }
    throw error;
  }
  await always();
  return result;
}
