// npm test [-- vitest arguments]: installs and builds when needed, then runs every test.
// With VISUALPATH_REQUIRE_ALL=1 a test that is skipped counts as a failure.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from './lib/command.mjs';
import { TEST_COUNTS } from './lib/count-reporter.mjs';
import { missingTools } from './lib/optional-tools.mjs';
import { ROOT } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';

rmSync(TEST_COUNTS, { force: true });
await prepare();
for (const { name, skipped, remedy } of missingTools()) {
  console.error(`${name} is missing: ${skipped} are skipped. To get it: ${remedy}.`);
}
const { exitCode } = await runNode(
  join('node_modules', 'vitest', 'vitest.mjs'),
  [
    'run',
    '--reporter=default',
    `--reporter=${join(ROOT, 'scripts', 'lib', 'count-reporter.mjs')}`,
    ...process.argv.slice(2),
  ],
  { inherit: true },
);
process.exitCode = exitCode;
if (exitCode === 0 && process.env.VISUALPATH_REQUIRE_ALL === '1') {
  /** @type {import('./lib/count-reporter.mjs').TestCounts} */
  const { skipped } = JSON.parse(readFileSync(TEST_COUNTS, 'utf8'));
  if (skipped.length > 0) {
    console.error(
      `VISUALPATH_REQUIRE_ALL=1 lets nothing be skipped, but ${skipped.length} tests were:\n  ${skipped.join('\n  ')}`,
    );
    process.exitCode = 1;
  }
}
