/** The standard output, whose reader may leave at any time, as `head` does: nothing more is written then. */
export class StandardOutput {
  #isClosed = false;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.#isClosed = true;
    });
  }

  /** Whether nobody reads any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Writes a line. */
  print(line: string): void {
    if (!this.#isClosed) process.stdout.write(`${line}\n`);
  }
}
