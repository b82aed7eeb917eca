import { Command } from '@commander-js/extra-typings';
import { formatTable, runAction } from 'visualbase/command';
import type { InstalledModules } from './installed-modules.ts';
import { note } from './shared-flags.ts';
import { StandardOutput } from './standard-output.ts';

/** `vpx list`. */
export const listCommand = new Command('list')
  .description('List the modules that are installed, and what they give')
  .option('--json', 'print them for machines', false)
  .addHelpText(
    'after',
    `
Modules are those of the project in the current folder, and those installed beside vpx. Each is
loaded to ask what it needs and gives; one that is broken is reported, and the others are listed.

Examples:
  vpx list
  vpx list --json | jq '.modules[].name'`,
  )
  .action(({ json }) =>
    runAction('vpx', async () => {
      const { InstalledModules } = await import('./installed-modules.ts');
      const output = new StandardOutput();
      const found = await look(new InstalledModules());
      if (json) {
        output.print(JSON.stringify(found, undefined, 2));
        return;
      }
      if (found.modules.length === 0) {
        output.print('No modules are installed. Try: npm install vpx-face-detect');
      }
      for (const line of formatTable(rowsOf(found.modules))) output.print(line);
      for (const { packageName, message } of found.problems) note(`${packageName}: ${message}`);
    }),
  );

interface ListedModule {
  readonly name: string;
  readonly package: string;
  readonly version: string | undefined;
  readonly depends: readonly string[];
  readonly optionalDepends: readonly string[];
  /** Type of each signal by name; undefined if the module does not say. */
  readonly outputs: Readonly<Record<string, string>> | undefined;
}

interface Listing {
  readonly modules: readonly ListedModule[];
  readonly problems: readonly { readonly packageName: string; readonly message: string }[];
}

async function look(installed: InstalledModules): Promise<Listing> {
  const modules: ListedModule[] = [];
  const problems = (await installed.problems()).map(({ packageName, message, remedy }) => ({
    packageName,
    message: `${message}; ${remedy}`,
  }));
  for (const [name, info] of await installed.list()) {
    if (info.origin !== 'package') continue;
    const { packageName, version } = info;
    try {
      const { depends, optionalDepends, portSchema } = await installed.create(name);
      const names = (list: typeof depends): string[] =>
        list.map((one) => (typeof one === 'string' ? one : one.name));
      modules.push({
        name,
        package: packageName,
        version,
        depends: names(depends),
        optionalDepends: names(optionalDepends),
        outputs: portSchema?.outputs,
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      problems.push({ packageName, message });
    }
  }
  return { modules, problems };
}

/** Signals named in the table; the others are in `--json`. */
const SHOWN_SIGNALS = 4;

const rowsOf = (modules: readonly ListedModule[]): string[][] =>
  modules.map(({ name, package: from, version, depends, outputs = {} }) => {
    const signals = Object.keys(outputs);
    const more = signals.length > SHOWN_SIGNALS ? `, +${signals.length - SHOWN_SIGNALS}` : '';
    return [
      name,
      `${from} ${version ?? '?'}`,
      depends.length === 0 ? 'needs nothing' : `needs ${depends.join(', ')}`,
      signals.length === 0 ? '' : `gives ${signals.slice(0, SHOWN_SIGNALS).join(', ')}${more}`,
    ];
  });
