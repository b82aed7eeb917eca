import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PluginRegistry } from 'visualpath';
import { show } from '../../first-difference.ts';
import { skipped, type PluginCheck } from '../plugin-check.ts';

const DOMAIN_ACTION = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*\.[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/;

/** What a module is called, and how programs find it. */
export const NAME_CHECKS: readonly PluginCheck[] = [
  {
    name: 'name',
    title: 'is called domain.action',
    async run(subject) {
      const { name } = await subject.make();
      if (typeof name === 'string' && DOMAIN_ACTION.test(name)) return [];
      return [
        `the name is ${show(name)}; use a domain and an action in lower case, such as "face.detect"`,
      ];
    },
  },
  {
    name: 'package',
    title: 'is found and made by its name in its package',
    async run(subject, { packageJson }) {
      if (packageJson === undefined) return skipped('no packageJson was given');
      const { name } = await subject.make();
      const file = packageJson instanceof URL ? fileURLToPath(packageJson) : pathOf(packageJson);
      const root = path.dirname(path.resolve(file));
      const declared = await declaredNames(file);
      if (!declared.includes(name)) {
        const there = declared.map(show).join(', ') || 'nothing';
        return [`${file} declares ${there} under visualpath.modules, and not ${show(name)}`];
      }
      const registry = new PluginRegistry({ root });
      const problems = (await registry.problems()).filter((one) => one.name === name);
      if (problems.length > 0) {
        return problems.map(({ message, remedy }) => `${message}; ${remedy}`);
      }
      const made = await registry.create(name);
      return made.name === name ? [] : [`the module made by ${show(name)} is ${show(made.name)}`];
    },
  },
];

const pathOf = (text: string): string => (text.startsWith('file:') ? fileURLToPath(text) : text);

async function declaredNames(file: string): Promise<readonly string[]> {
  const json = JSON.parse(await readFile(file, 'utf8')) as {
    readonly visualpath?: { readonly modules?: Readonly<Record<string, unknown>> };
  };
  return Object.keys(json.visualpath?.modules ?? {});
}
