import { closeSync, ftruncateSync, writeSync } from 'node:fs';
import { markAsUntransferable } from 'node:worker_threads';
import { VisualError } from '../errors/visual-error.ts';
import { loadLibc, type Libc } from './libc.ts';

const MFD_CLOEXEC = 1;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MADV_REMOVE = 9;
const MAP_FAILED = 2n ** 64n - 1n;

const ZEROS_BYTES = 1024 * 1024;

/**
 * Anonymous memory that a child process maps as well, through a file descriptor that it inherits. It
 * has no name anywhere, and is gone with the last process that uses it.
 */
export class MemoryFile {
  readonly fd: number;
  readonly #libc: Libc;
  #isOpen = true;
  #mapped: Mapping | undefined;

  private constructor(libc: Libc, fd: number) {
    this.#libc = libc;
    this.fd = fd;
  }

  /** Makes an empty one; undefined where there is no such thing. */
  static async create(): Promise<MemoryFile | undefined> {
    const libc = await loadLibc();
    const fd = libc?.memfdCreate('visualbase-frames', MFD_CLOEXEC) ?? -1;
    return libc === undefined || fd < 0 ? undefined : new MemoryFile(libc, fd);
  }

  /**
   * Reserves and maps `byteLength` bytes. They take no memory before they are written, see
   * {@link fillWithZeros}.
   *
   * @throws VisualError `VB_NO_MEMORY`.
   */
  reserve(byteLength: number): ArrayBuffer {
    try {
      ftruncateSync(this.fd, byteLength);
    } catch (cause) {
      throw noMemory(byteLength, cause);
    }
    this.#mapped = mapFile(this.#libc, this.fd, byteLength);
    return this.#mapped.buffer;
  }

  /** Closes the descriptor. What is mapped stays. */
  closeFd(): void {
    if (this.#isOpen) closeSync(this.fd);
    this.#isOpen = false;
  }

  /**
   * Gives the memory back without waiting for garbage collection. Nobody may need the content any more;
   * what still looks at it sees zeros. The addresses stay taken until nothing can look.
   */
  forget(): void {
    if (this.#mapped === undefined) return;
    this.#libc.madvise(this.#mapped.address, this.#mapped.byteLength, MADV_REMOVE);
    this.#mapped = undefined;
  }
}

/**
 * Maps memory that this process inherited as `fd`.
 *
 * @throws VisualError `VB_NO_MEMORY`.
 */
export async function mapInherited(fd: number, byteLength: number): Promise<ArrayBuffer> {
  const libc = await loadLibc();
  if (libc === undefined) {
    throw new VisualError('VB_NO_MEMORY', `Memory that was inherited as ${fd} cannot be mapped.`);
  }
  return mapFile(libc, fd, byteLength).buffer;
}

/**
 * Takes the memory for a part that was reserved. Where there is none this fails; without it, the first
 * one to touch the mapped part would be killed.
 *
 * @throws VisualError `VB_NO_MEMORY`.
 */
export function fillWithZeros(fd: number, from: number, byteLength: number): void {
  const zeros = Buffer.alloc(Math.min(ZEROS_BYTES, byteLength));
  try {
    for (let done = 0; done < byteLength;) {
      const left = Math.min(zeros.length, byteLength - done);
      done += writeSync(fd, zeros, 0, left, from + done);
    }
  } catch (cause) {
    throw noMemory(byteLength, cause);
  }
}

function noMemory(byteLength: number, cause: unknown): VisualError {
  const { code } = cause as NodeJS.ErrnoException;
  return new VisualError(
    'VB_NO_MEMORY',
    `There is no shared memory for ${byteLength} bytes of frames (${code}). Free some, or open the source with a smaller slotCount or maxSide.`,
    { cause, details: { byteLength } },
  );
}

interface Mapping {
  readonly address: bigint;
  readonly byteLength: number;
  readonly buffer: ArrayBuffer;
}

interface Unmapping extends Omit<Mapping, 'buffer'> {
  readonly libc: Libc;
}

// A view on memory that is not mapped any more would crash the process. The collector knows when the
// last one is gone, nobody else does.
const unmapper = new FinalizationRegistry<Unmapping>(({ libc, address, byteLength }) => {
  libc.munmap(address, byteLength);
});

function mapFile(libc: Libc, fd: number, byteLength: number): Mapping {
  const address = libc.mmap(null, byteLength, PROT_READ_WRITE, MAP_SHARED, fd, 0);
  if (address === MAP_FAILED) {
    throw noMemory(byteLength, { code: `mmap, error ${libc.errno()}` });
  }
  const buffer = libc.viewOf(address, byteLength);
  // Another thread would go on using it after this one has seen the last of it.
  markAsUntransferable(buffer);
  unmapper.register(buffer, { libc, address, byteLength });
  return { address, byteLength, buffer };
}
