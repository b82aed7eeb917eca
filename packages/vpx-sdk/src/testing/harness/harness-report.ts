import type { CheckName } from './check-name.ts';

/** What became of one check. */
export interface CheckResult {
  readonly name: CheckName;
  /** What the module must do, in words. */
  readonly title: string;
  /** `skipped` also where the check does not apply to the module. */
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What is wrong, with the values; why it was skipped; empty if passed. */
  readonly message: string;
}

/** What {@link PluginTestHarness} found. */
export interface HarnessReport {
  /** Name of the module. */
  readonly module: string;
  /** Every check, in order. */
  readonly checks: readonly CheckResult[];
  /** Whether no check failed. */
  readonly isPassed: boolean;
}

const SIGNS = { passed: '+', failed: 'x', skipped: '-' } as const;

/** Writes a report for people, a line for each check. */
export function formatReport({ module, checks }: HarnessReport): string {
  const count = (status: CheckResult['status']): number =>
    checks.filter((check) => check.status === status).length;
  const lines = checks.map(({ name, title, status, message }) => {
    const why = message === '' ? '' : `\n    ${message.replaceAll('\n', '\n    ')}`;
    return `${SIGNS[status]} ${name}: ${title}${why}`;
  });
  const sum = `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
  return [`${module}: ${sum}`, ...lines].join('\n');
}
