/** Runs something and gives the reasons of the promises that failed in its course with nobody waiting. */
export async function unhandledRejections(act: () => Promise<unknown>): Promise<unknown[]> {
  const reasons: unknown[] = [];
  const note = (reason: unknown): void => void reasons.push(reason);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', note);
  try {
    await act();
    // The process tells of them after the microtasks that could still have caught them.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    return reasons;
  } finally {
    process.off('unhandledRejection', note);
    for (const other of others) process.on('unhandledRejection', other);
  }
}
