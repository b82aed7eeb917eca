// Prints what .ci/run ends with, "N passed, N failed", from the records of scripts/test.mjs and
// scripts/check.mjs and their exit codes. A run that left no record is one failure.
import { existsSync, readFileSync } from 'node:fs';
import { TEST_COUNTS } from './lib/count-reporter.mjs';
import { GATE_COUNTS } from './lib/gates.mjs';

/** @param {string} path @param {string | undefined} exitCode */
function readCounts(path, exitCode) {
  /** @type {{ passed: number, failed: number, skipped?: readonly string[] }} */
  const counts = existsSync(path)
    ? JSON.parse(readFileSync(path, 'utf8'))
    : { passed: 0, failed: 1 };
  const failed = counts.failed + (counts.skipped?.length ?? 0);
  return { passed: counts.passed, failed: exitCode === '0' ? failed : Math.max(failed, 1) };
}

const [tests, gates] = [
  readCounts(TEST_COUNTS, process.argv[2]),
  readCounts(GATE_COUNTS, process.argv[3]),
];
const failed = tests.failed + gates.failed;
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${tests.passed + gates.passed} passed, ${failed} failed`);
