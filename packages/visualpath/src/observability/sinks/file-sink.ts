import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { TraceRecord } from '../trace-record.ts';
import type { TraceSink } from '../trace-sink.ts';

const WRITE_FROM_CHARS = 64 * 1024;
/** Beyond this much unwritten text the disk is too slow, and memory is not for ever. */
const MAX_WAITING_CHARS = 64 * 1024 * 1024;

/**
 * Writes records to a file, a line of JSON each. Records are gathered and written in large pieces, so
 * that `flush` or `close` is needed to have all of them on disk. An existing file is appended to.
 */
export class FileSink implements TraceSink {
  readonly #path: string;
  #text = '';
  #waitingChars = 0;
  #file: Promise<FileHandle> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  /** @param filePath - Made when the first piece is written; its folder must exist. */
  constructor(filePath: string) {
    this.#path = path.resolve(filePath);
  }

  /** @throws The error of an earlier write, or Error if the disk does not keep up. */
  write(record: TraceRecord): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#text += `${JSON.stringify(record)}\n`;
    if (this.#text.length < WRITE_FROM_CHARS) return;
    if (this.#waitingChars > MAX_WAITING_CHARS) {
      throw new Error(`${this.#path} is written more slowly than records come.`);
    }
    this.#startWriting();
  }

  /** @throws The error of a write. */
  async flush(): Promise<void> {
    this.#startWriting();
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      const file = await this.#file?.catch(() => undefined);
      this.#file = undefined;
      await file?.close();
    }
  }

  #startWriting(): void {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    this.#waitingChars += text.length;
    this.#writing = this.#writing.then(async () => {
      if (this.#failure !== undefined) return;
      try {
        this.#file ??= open(this.#path, 'a', 0o600);
        await (await this.#file).writeFile(text);
      } catch (error) {
        this.#failure = { error };
      } finally {
        this.#waitingChars -= text.length;
      }
    });
  }
}
