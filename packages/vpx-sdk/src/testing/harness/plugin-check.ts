import type { CheckName } from './check-name.ts';
import type { CompleteOptions } from './harness-options.ts';
import type { TestSubject } from './test-subject.ts';

/** What a check found: problems, a sentence each; none if all is well. Or why it could not look. */
export type CheckFinding = readonly string[] | Skipped;

/** Why a check does not apply, or could not look. */
export interface Skipped {
  readonly skipped: string;
}

/** One thing that every module must do. */
export interface PluginCheck {
  readonly name: CheckName;
  /** A sentence about behaviour whose subject is the module. */
  readonly title: string;
  /** Whatever it throws is a failure. */
  run(subject: TestSubject, options: CompleteOptions): Promise<CheckFinding> | CheckFinding;
}

/** Makes a finding of a reason not to look. */
export const skipped = (reason: string): Skipped => ({ skipped: reason });

/** Tells why a check was skipped from what it found. */
export const isSkipped = (finding: CheckFinding): finding is Skipped => 'skipped' in finding;
