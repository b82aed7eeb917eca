// npm run clean: removes everything that the build and the reports wrote.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_DIR, ROOT } from './lib/paths.mjs';

const projects = ['packages', 'plugins', 'apps'].flatMap((group) =>
  existsSync(join(ROOT, group))
    ? readdirSync(join(ROOT, group)).map((name) => join(ROOT, group, name))
    : [],
);
for (const project of [...projects, join(ROOT, 'bench'), join(ROOT, 'examples')]) {
  rmSync(join(project, 'dist'), { recursive: true, force: true });
  rmSync(join(project, 'node_modules', '.cache'), { recursive: true, force: true });
}
for (const folder of ['coverage', 'docs/api']) {
  rmSync(join(ROOT, folder), { recursive: true, force: true });
}
rmSync(CACHE_DIR, { recursive: true, force: true });
