const BUSY = 0;
const STOP = 1;

// Longer than any inference for video; a native call that hangs must not hang the exit for ever.
const EXIT_WAIT_MS = 10_000;

/**
 * Two flags that the engine thread and the main thread share, for one purpose: a process that exits
 * while a thread is inside onnxruntime aborts, so an exit must wait for the call to end and keep the
 * next one from starting. The exit handler cannot await, hence shared memory.
 */
export class NativeCallFlags {
  readonly memory: SharedArrayBuffer;
  readonly #flags: Int32Array<SharedArrayBuffer>;

  constructor(memory = new SharedArrayBuffer(8)) {
    this.memory = memory;
    this.#flags = new Int32Array(memory);
  }

  /**
   * Engine thread: does a native call, unless the process is about to exit; then it never returns.
   */
  async guard<T>(call: () => Promise<T>): Promise<T> {
    Atomics.store(this.#flags, BUSY, 1);
    // Flag first, look second: whoever of the two threads comes later sees the other.
    if (Atomics.load(this.#flags, STOP) !== 0) {
      this.#leave();
      return new Promise<never>(() => undefined);
    }
    try {
      return await call();
    } finally {
      this.#leave();
    }
  }

  /** Main thread, in an exit handler: lets the running call end and no other start. Blocks. */
  stopAndWait(): void {
    Atomics.store(this.#flags, STOP, 1);
    Atomics.wait(this.#flags, BUSY, 1, EXIT_WAIT_MS);
  }

  #leave(): void {
    Atomics.store(this.#flags, BUSY, 0);
    Atomics.notify(this.#flags, BUSY);
  }
}
