/** The functions of the C library that Node has no call for. */
export interface Libc {
  memfdCreate(name: string, flags: number): number;
  mmap(
    address: null,
    byteLength: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ): bigint;
  munmap(address: bigint, byteLength: number): number;
  madvise(address: bigint, byteLength: number, advice: number): number;
  prctl(option: number, value: number, a3: number, a4: number, a5: number): number;
  /** The memory at an address as a buffer, which does not own it. */
  viewOf(address: bigint, byteLength: number): ArrayBuffer;
  /** The error number of this thread's last call that failed. */
  errno(): number;
}

/**
 * Loads the C library of this process. Undefined where it lacks these functions (only Linux has them
 * all) or where the optional package koffi is not installed.
 */
export async function loadLibc(): Promise<Libc | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const { default: koffi } = await import('koffi');
    // What this process is linked to, whether that is glibc or musl.
    const library = koffi.load(null);
    return {
      memfdCreate: library.func('int memfd_create(const char *name, unsigned int flags)'),
      mmap: library.func('void *mmap(void *, size_t, int, int, int, int64_t)'),
      munmap: library.func('int munmap(void *, size_t)'),
      madvise: library.func('int madvise(void *, size_t, int)'),
      prctl: library.func(
        'int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)',
      ),
      viewOf: (address, byteLength) => koffi.view(address, byteLength),
      errno: () => koffi.errno(),
    };
  } catch {
    return undefined;
  }
}
