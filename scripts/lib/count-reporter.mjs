import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_DIR } from './paths.mjs';

/**
 * @typedef {object} TestCounts
 * @property {number} passed
 * @property {number} failed Failed tests, files that could not be loaded, and errors outside tests.
 * @property {readonly string[]} skipped Names of the tests that did not run.
 */

/** Where the counts of the last run are. */
export const TEST_COUNTS = join(CACHE_DIR, 'tests.json');

/** A vitest reporter that prints nothing and leaves {@link TestCounts} for other scripts. */
export default class CountReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    /** @param {'passed' | 'failed'} state */
    const count = (state) => tests.filter((test) => test.result().state === state).length;
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    /** @type {TestCounts} */
    const counts = {
      passed: count('passed'),
      failed: count('failed') + brokenFiles + unhandledErrors.length,
      skipped: tests
        .filter((test) => !['passed', 'failed'].includes(test.result().state))
        .map((test) => `${test.module.relativeModuleId} > ${test.fullName}`),
    };
    mkdirSync(CACHE_DIR, { recursive: true });
    writeFileSync(TEST_COUNTS, JSON.stringify(counts));
  }
}
