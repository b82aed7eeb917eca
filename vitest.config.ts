import { existsSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vitest/config';

/**
 * Tests import `../src/x.ts` for types and navigation, and run against `dist/x.js`: what users run,
 * with one copy of every module, and workers that load the files they will load in production.
 */
const runAgainstBuild: Plugin = {
  name: 'run-against-build',
  enforce: 'pre',
  resolveId(id, importer) {
    if (importer === undefined || !id.startsWith('.')) return undefined;
    const target = new URL(id, `file://${importer}`).pathname;
    const built = decodeURI(target).replace(/\/src\/(.*)\.ts$/, '/dist/$1.js');
    if (built === target || !/\/(packages|plugins|apps)\//.test(built)) return undefined;
    if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run build" first.`);
    return { id: built, external: true };
  },
};

export default defineConfig({
  plugins: [runAgainstBuild],
  test: {
    include: ['{packages,plugins,apps}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 30_000,
    // Runtimes under test chat on stderr; what they say matters when a test fails.
    silent: 'passed-only',
    pool: 'forks',
    maxWorkers: 2,
  },
});
