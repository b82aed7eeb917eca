import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Contents by path; an object is written as JSON, `{ link }` makes a symbolic link. */
export type Files = Readonly<Record<string, string | object>>;

/** Makes a folder with these files, which is removed after the test. */
export async function makeFolder(files: Files): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'visualpath-plugin-')));
  made.push(folder);
  for (const [path, content] of Object.entries(files)) {
    const full = join(folder, path);
    await mkdir(dirname(full), { recursive: true });
    if (typeof content === 'string') await writeFile(full, content);
    else if ('link' in content) await symlink(String(content.link), full);
    else await writeFile(full, JSON.stringify(content));
  }
  return folder;
}

/** The files of a package whose only module is the class `Plugin`, below a path. */
export function pluginPackage(path: string, packageName: string, moduleName: string): Files {
  return {
    [`${path}/package.json`]: {
      name: packageName,
      version: '1.2.3',
      type: 'module',
      visualpath: { modules: { [moduleName]: './index.js#Plugin' } },
    },
    [`${path}/index.js`]: moduleClass('Plugin', moduleName),
  };
}

/** Source of a module class that keeps its options, without importing visualpath. */
export const moduleClass = (className: string, moduleName: string): string => `
export class ${className} {
  name = ${JSON.stringify(moduleName)};
  depends = [];
  optionalDepends = [];
  constructor(options) { this.options = options; }
  initialize() {}
  process() {}
  cleanup() {}
}
`;
