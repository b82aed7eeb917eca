const CHUNK = 2000;

/**
 * Random graphs on SimpleBackend under random schedules, against frame by frame.
 *
 * @param {{ runs: number, seed: number, signal: AbortSignal }} options
 * @returns {Promise<boolean>} Whether all were equal.
 */
export async function fuzzGraphs({ runs, seed, signal }) {
  const { SimpleBackend } = await import('visualpath');
  const { compareRandomGraphs } = await import('visualpath-testkit');
  const startedMs = performance.now();
  let done = 0;
  while (done < runs && !signal.aborted) {
    const count = Math.min(CHUNK, runs - done);
    try {
      await compareRandomGraphs(
        (schedule) => new SimpleBackend(schedule),
        count,
        seed + done / CHUNK,
      );
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      console.error(`A difference after ${done} graphs that were equal.`);
      return false;
    }
    done += count;
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
    console.log(`${done} of ${runs} graphs equal, ${seconds} s`);
  }
  return true;
}
