/** As much as the slots of most sources take. What is not touched takes no memory. */
const LEAST_BYTES = 48 * 1024 * 1024;
/** Memory that is kept for later sources. */
const MAX_IDLE = 2;

const idle: SharedArrayBuffer[] = [];

/**
 * Takes memory for the slots of a source: used before, where there is some. Garbage collection does not
 * know how much shared memory hangs on its objects, in two threads, and lets gigabytes of it pile up
 * while one short video after the other is opened.
 */
export function takePixels(byteLength: number): SharedArrayBuffer {
  const at = idle.findIndex((memory) => memory.byteLength >= byteLength);
  if (at >= 0) return idle.splice(at, 1)[0]!;
  // Too small for what is asked for now: a larger one takes its place.
  idle.pop();
  return new SharedArrayBuffer(Math.max(LEAST_BYTES, byteLength));
}

/** Gives memory back that nothing is written to any more, and no frame holds. */
export function givePixels(memory: SharedArrayBuffer): void {
  if (idle.length < MAX_IDLE) idle.push(memory);
}
