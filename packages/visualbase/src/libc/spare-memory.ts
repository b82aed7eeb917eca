/** Gives memory that the allocator keeps for later back to the system. */
export type GiveSpareMemoryBack = () => void;

/**
 * For tests of leaks, which free memory that waits in the allocator would hide. Undefined where the
 * allocator is not glibc, or the optional package koffi is not installed.
 */
export async function spareMemory(): Promise<GiveSpareMemoryBack | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const { default: koffi } = await import('koffi');
    const trim = koffi.load(null).func('int malloc_trim(size_t)') as (keepBytes: number) => number;
    return () => {
      trim(0);
    };
  } catch {
    return undefined;
  }
}
