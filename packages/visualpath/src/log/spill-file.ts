import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { removeAtExit } from './temp-folders.ts';

/** Where a record lies in a {@link SpillFile}. */
export interface SpillRecord {
  readonly position: number;
  readonly byteLength: number;
}

/**
 * A file of records in a private folder (0700, the file 0600) that vanishes on {@link SpillFile.remove}
 * or with the process. One writer, any number of readers.
 */
export class SpillFile {
  readonly path: string;
  readonly #folder: string;
  readonly #handle: FileHandle;
  readonly #forget: () => void;
  #byteLength = 0;

  private constructor(folder: string, path: string, handle: FileHandle, forget: () => void) {
    this.#folder = folder;
    this.path = path;
    this.#handle = handle;
    this.#forget = forget;
  }

  /** Makes the private folder inside `parent`, and the file in it. */
  static async create(parent: string): Promise<SpillFile> {
    const folder = await mkdtemp(join(parent, 'visualpath-log-'));
    const forget = removeAtExit(folder);
    const path = join(folder, 'observations.bin');
    try {
      return new SpillFile(folder, path, await open(path, 'wx+', 0o600), forget);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      forget();
      throw error;
    }
  }

  /** Bytes of all records. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Appends a record. One that fails half-way is as if it had never been: the next takes its place. */
  async append(bytes: Uint8Array): Promise<SpillRecord> {
    const position = this.#byteLength;
    let doneBytes = 0;
    while (doneBytes < bytes.byteLength) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        doneBytes,
        bytes.byteLength - doneBytes,
        position + doneBytes,
      );
      doneBytes += bytesWritten;
    }
    this.#byteLength += bytes.byteLength;
    return { position, byteLength: bytes.byteLength };
  }

  /** Reads a record; fewer bytes if the file was cut short. */
  async read({ position, byteLength }: SpillRecord): Promise<Uint8Array> {
    const bytes = new Uint8Array(byteLength);
    let doneBytes = 0;
    while (doneBytes < byteLength) {
      const { bytesRead } = await this.#handle.read(
        bytes,
        doneBytes,
        byteLength - doneBytes,
        position + doneBytes,
      );
      if (bytesRead === 0) break;
      doneBytes += bytesRead;
    }
    return bytes.subarray(0, doneBytes);
  }

  /** Closes the file and removes the folder. Call it once. */
  async remove(): Promise<void> {
    await this.#handle.close();
    await rm(this.#folder, { recursive: true, force: true });
    this.#forget();
  }
}
