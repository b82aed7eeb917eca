// Checks what git tracks: no path of one machine, no registry's host, no addresses in the lockfile,
// no conflict markers, no large files, no unexpected binaries.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/paths.mjs';

const MAX_TEXT_BYTES = 512 * 1024;
const MAX_BINARY_BYTES = 64 * 1024;

/** @type {readonly (readonly [pattern: RegExp, message: string])[]} */
const FORBIDDEN = [
  [
    /(?<![\w.])\/(?:work|root|tmp|home\/\w+|Users\/\w+)\/[\w.-]/,
    'names a path that exists on one machine only: use a relative path or os.tmpdir()',
  ],
  [
    /https?:\/\/[\w.-]*(?:registry|artifactory|nexus|verdaccio|npmmirror)[\w.-]*/,
    'names a registry: the registry is the business of the user’s npm configuration',
  ],
  [/^(?:<{7}|>{7}) /m, 'has a conflict marker'],
];

const files = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));

/** @type {string[]} */
const problems = [];
for (const file of new Set(files)) {
  const path = join(ROOT, file);
  const stats = statSync(path);
  if (!stats.isFile()) continue;
  const bytes = readFileSync(path);
  const isBinary = bytes.subarray(0, 8000).includes(0);
  const maxBytes = isBinary ? MAX_BINARY_BYTES : MAX_TEXT_BYTES;
  if (stats.size > maxBytes) {
    problems.push(
      `${file} has ${stats.size} bytes; ${isBinary ? 'binary' : 'text'} files may have ${maxBytes}`,
    );
  }
  if (isBinary) continue;
  const text = bytes.toString('utf8');
  for (const [pattern, message] of FORBIDDEN) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const line = text.slice(0, match.index).split('\n').length;
    problems.push(`${file}:${line} ${message} (${match[0].trim()})`);
  }
}

/** @type {Record<string, { resolved?: string, link?: boolean }>} */
const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
for (const [path, { resolved, link = false }] of Object.entries(locked)) {
  if (resolved !== undefined && !link) {
    problems.push(`package-lock.json resolves ${path} to an address: ${resolved}`);
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
