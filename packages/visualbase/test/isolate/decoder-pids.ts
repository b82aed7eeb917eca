import { readdirSync, readFileSync } from 'node:fs';

/** The decoder processes that a process started and that are still there, dead ones that nobody reaped included. */
export function decoderPids(parentPid: number = process.pid): readonly number[] {
  const pids: number[] = [];
  for (const thread of readdirSync(`/proc/${parentPid}/task`)) {
    const children = readFileSync(`/proc/${parentPid}/task/${thread}/children`, 'latin1');
    pids.push(...children.trim().split(' ').filter(Boolean).map(Number));
  }
  // A zombie has no command line any more, only its name.
  return pids.filter((pid) => /isolate-worker|^$/.test(commandLine(pid)));
}

/** Whether there is such a process, and it is not just waiting to be reaped. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return 'gone';
  }
}
