import { loadLibc } from './libc.ts';

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/**
 * Asks the kernel to kill this process when the one that started it is gone, however that ended and
 * whatever this one is doing then. Where that is not to be had, it does nothing.
 */
export async function dieWithParent(): Promise<void> {
  const libc = await loadLibc();
  libc?.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}
