import { VisualError } from 'visualbase';
import { completeOptions, type CompleteOptions, type HarnessOptions } from './harness-options.ts';
import { formatReport, type CheckResult, type HarnessReport } from './harness-report.ts';
import { CHECK_NAMES, type CheckName } from './check-name.ts';
import { isSkipped, type PluginCheck } from './plugin-check.ts';
import { PLUGIN_CHECKS } from './plugin-checks.ts';
import { TestSubject } from './test-subject.ts';

/**
 * Checks that a module does what the platform and other modules rely on: what it declares against what
 * it gives, that results can be written and come again, how it starts, stops and fails, that frames are
 * handed back as they were, marks and memory. What it should see in a frame only its own tests can say.
 *
 * Modules are made anew for most checks; nothing is remembered from one harness to the next. Give real
 * frames if only there the module has something to see.
 *
 * @example
 * ```ts
 * const harness = new PluginTestHarness({ create: () => new Brightness() });
 * await harness.check();
 * ```
 */
export class PluginTestHarness {
  /** Names of the checks, in the order in which they run. */
  static readonly checkNames: readonly CheckName[] = CHECK_NAMES;
  readonly #options: CompleteOptions;
  readonly #subject: TestSubject;

  /** @throws TypeError or RangeError naming the option that is wrong. */
  constructor(options: HarnessOptions) {
    this.#options = completeOptions(options, CHECK_NAMES);
    this.#subject = new TestSubject(this.#options);
  }

  /** Runs one check. Those that need the same frames share what was seen in them. */
  async runCheck(name: CheckName): Promise<CheckResult> {
    const check = PLUGIN_CHECKS.find((one) => one.name === name);
    if (check === undefined) {
      throw new RangeError(`There is no check "${name}". There is: ${CHECK_NAMES.join(', ')}.`);
    }
    const { title } = check;
    const reason = this.#options.skip[name];
    if (reason !== undefined) return { name, title, status: 'skipped', message: reason };
    const { status, message } = await this.#run(check);
    return { name, title, status, message };
  }

  /** Runs every check, also after one has failed. */
  async run(): Promise<HarnessReport> {
    const checks: CheckResult[] = [];
    for (const name of CHECK_NAMES) checks.push(await this.runCheck(name));
    const isPassed = checks.every(({ status }) => status !== 'failed');
    return { module: await this.#moduleName(), checks, isPassed };
  }

  /**
   * Runs every check and throws if one has failed.
   *
   * @throws VisualError `VPX_PLUGIN_CHECK_FAILED` naming every check that failed, with the values; the
   * whole report is in `details.report`.
   */
  async check(): Promise<HarnessReport> {
    const report = await this.run();
    if (report.isPassed) return report;
    const failed = report.checks.filter(({ status }) => status === 'failed');
    throw checkFailed(report.module, failed, report);
  }

  /** One check, as a test. @throws VisualError `VPX_PLUGIN_CHECK_FAILED` if it failed. */
  async require(name: CheckName): Promise<void> {
    const result = await this.runCheck(name);
    if (result.status === 'failed') throw checkFailed(await this.#moduleName(), [result]);
  }

  async #run(check: PluginCheck): Promise<Pick<CheckResult, 'status' | 'message'>> {
    try {
      const finding = await check.run(this.#subject, this.#options);
      if (isSkipped(finding)) return { status: 'skipped', message: finding.skipped };
      if (finding.length === 0) return { status: 'passed', message: '' };
      return { status: 'failed', message: finding.join('\n') };
    } catch (error) {
      return { status: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }

  async #moduleName(): Promise<string> {
    const { name } = await this.#subject.make().catch(() => ({ name: '(cannot be made)' }));
    return name;
  }
}

function checkFailed(
  module: string,
  failed: readonly CheckResult[],
  report?: HarnessReport,
): VisualError {
  const lines = failed.map(({ name, title, message }) => `\n- ${name} (${title}): ${message}`);
  const count = `${failed.length} ${failed.length === 1 ? 'check' : 'checks'}`;
  return new VisualError(
    'VPX_PLUGIN_CHECK_FAILED',
    `${module} fails ${count} of the plugin harness:${lines.join('')}\nMend the module, or leave a check out with the \`skip\` option and a reason.`,
    {
      details: { module, failed, ...(report && { report, text: formatReport(report) }) },
    },
  );
}
