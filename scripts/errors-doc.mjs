// npm run errors-doc [-- --check]: writes docs/errors.md from the built registries of error codes,
// or checks that it is up to date and that sources and registries agree.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { findCodeProblems, formatErrorsDoc, readRegistries } from './lib/error-codes.mjs';
import { ROOT } from './lib/paths.mjs';

const path = join(ROOT, 'docs', 'errors.md');
const registries = await readRegistries();
const text = await format(formatErrorsDoc(registries), {
  ...(await resolveConfig(path)),
  parser: 'markdown',
});
const problems = [...findCodeProblems(registries)];
if (!process.argv.includes('--check')) {
  writeFileSync(path, text);
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
  problems.push('docs/errors.md differs from the registries: run `npm run errors-doc`.');
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
