import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzPlan } from './fuzz-case.ts';
import type { PlanResult } from './run-plan.ts';

const WATCH_INTERVAL_MS = 100;

/** What a plan may take. */
export interface PlanLimits {
  readonly timeoutMs: number;
  readonly maxRssMb: number;
}

/** Runs plans in a process that lives for many of them, and is replaced when one ends it. */
export class PlanRunner implements AsyncDisposable {
  readonly #limits: PlanLimits;
  #child: ChildProcess | undefined;
  /** Highest memory that was seen. */
  maxRssMb = 0;
  /** How many plans the process has run that is used now. */
  ageCount = 0;

  constructor(limits: PlanLimits) {
    this.#limits = limits;
  }

  /** The process that is used now. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Runs a plan. Never rejects. */
  run(plan: FuzzPlan): Promise<PlanResult> {
    const child = (this.#child ??= startWorker());
    this.ageCount += 1;
    const { timeoutMs, maxRssMb } = this.#limits;
    const startedMs = performance.now();
    return new Promise((resolve) => {
      const settle = (result: PlanResult, isDone: boolean): void => {
        clearInterval(watch);
        child.removeAllListeners();
        if (!isDone) this.#forget(child);
        resolve(result);
      };
      const watch = setInterval(() => {
        const rssMb = rssOf(child.pid);
        this.maxRssMb = Math.max(this.maxRssMb, rssMb);
        const detail = `${Math.round(rssMb)} MiB`;
        if (rssMb > maxRssMb) settle({ outcome: 'too-big', detail }, false);
        else if (performance.now() - startedMs > timeoutMs) {
          settle({ outcome: 'hang', detail: `${timeoutMs} ms, ${detail}` }, false);
        }
      }, WATCH_INTERVAL_MS);
      child.once('message', (result) => settle(result as PlanResult, true));
      child.once('error', (error) => settle({ outcome: 'crash', detail: String(error) }, false));
      child.once('exit', (exitCode, signal) => {
        settle({ outcome: 'crash', detail: signal ?? `exit code ${exitCode}` }, false);
      });
      child.send(plan);
    });
  }

  /** Ends the process; the next plan gets a new one. */
  restart(): void {
    if (this.#child !== undefined) this.#forget(this.#child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    this.restart();
    await gone;
  }

  #forget(child: ChildProcess): void {
    child.kill('SIGKILL');
    this.#child = undefined;
    this.ageCount = 0;
  }
}

function startWorker(): ChildProcess {
  const path = fileURLToPath(new URL('./fuzz-worker.js', import.meta.url));
  return fork(path, { execArgv: [], detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
}

/** Resident memory in MiB; 0 where that cannot be told. */
function rssOf(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]) / 1024;
  } catch {
    return 0;
  }
}
