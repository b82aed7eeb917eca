import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

/** What figures depend on besides the code. */
export interface Environment {
  readonly cpu: string;
  /** Processors that this process may use. */
  readonly coreCount: number;
  readonly node: string;
  /** Short hash, with `+` when the working tree differs from it; `'unknown'` outside a checkout. */
  readonly commit: string;
}

function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short', 'HEAD') + (isChanged ? '+' : '');
  } catch {
    return 'unknown';
  }
}

/** Looks at the machine and the checkout of the current folder. */
export function readEnvironment(): Environment {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    coreCount: availableParallelism(),
    node: process.version,
    commit: commit(),
  };
}
