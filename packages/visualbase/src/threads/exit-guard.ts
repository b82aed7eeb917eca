// The process has one exit, so it has one guard: a listener per thread would trip the warning about
// too many listeners.
const guarded = new Set<() => void>();

const onExit = (): void => {
  for (const stopAndWait of guarded) stopAndWait();
};

/**
 * Calls `stopAndWait` when the process exits. A process that exits while one of its threads is inside
 * FFmpeg aborts, so the exit has to wait for the thread to come out. Blocking is all that an exit
 * handler can do.
 *
 * @returns Takes it back, for when the thread has ended.
 */
export function guardExit(stopAndWait: () => void): () => void {
  if (guarded.size === 0) process.on('exit', onExit);
  guarded.add(stopAndWait);
  return () => {
    guarded.delete(stopAndWait);
    if (guarded.size === 0) process.off('exit', onExit);
  };
}
