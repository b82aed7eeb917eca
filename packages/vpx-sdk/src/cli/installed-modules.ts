import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isVisualError } from 'visualbase';
import { PluginRegistry, type AnyModule, type PluginInfo, type PluginProblem } from 'visualpath';

/** The modules of the project in a folder, and those installed beside this command. */
export class InstalledModules {
  readonly #registries: readonly PluginRegistry[];

  /** @param root - Folder of the project; its modules come first. */
  constructor(root: string = process.cwd()) {
    const beside = dirname(fileURLToPath(import.meta.url));
    this.#registries = [root, beside].map((folder) => new PluginRegistry({ root: folder }));
  }

  /** All there are, sorted by name. */
  async list(): Promise<ReadonlyMap<string, PluginInfo>> {
    const all = new Map<string, PluginInfo>();
    for (const registry of this.#registries) {
      for (const [name, info] of await registry.listModules()) {
        if (!all.has(name)) all.set(name, info);
      }
    }
    return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** What is wrong with installed plugins. */
  async problems(): Promise<readonly PluginProblem[]> {
    const all = new Map<string, PluginProblem>();
    for (const registry of this.#registries) {
      for (const problem of await registry.problems()) {
        all.set(`${problem.folder}\n${problem.message}`, problem);
      }
    }
    return [...all.values()];
  }

  /**
   * Makes a module.
   *
   * @throws RangeError for a name that nothing has, with the nearest; VisualError `VP_PLUGIN_BROKEN`.
   */
  async create(name: string, options?: unknown): Promise<AnyModule> {
    for (const registry of this.#registries) {
      if ((await registry.listModules()).has(name)) return registry.create(name, options);
    }
    throw new RangeError(await this.#describeMissing(name));
  }

  async #describeMissing(name: string): Promise<string> {
    const known = [...(await this.list()).keys()];
    const near = new Set<string>();
    for (const registry of this.#registries) {
      for (const one of await nearestNames(registry, name)) near.add(one);
    }
    const problem = (await this.problems()).find((one) => one.name === name);
    const meant = [...near].map((one) => JSON.stringify(one)).join(' or ');
    return [
      `There is no module ${JSON.stringify(name)}.`,
      meant === '' ? '' : ` Did you mean ${meant}?`,
      problem === undefined
        ? ''
        : ` ${problem.packageName}: ${problem.message}; ${problem.remedy}.`,
      known.length === 0 ? ' None is installed:' : ` Installed: ${known.join(', ')}. For others:`,
      ' npm install PACKAGE.',
    ].join('');
  }
}

/** The registry knows best which names somebody may have meant. */
async function nearestNames(registry: PluginRegistry, name: string): Promise<readonly string[]> {
  try {
    await registry.create(name);
    return [];
  } catch (error) {
    const nearest = isVisualError(error) ? error.details['nearest'] : undefined;
    return Array.isArray(nearest) ? (nearest as string[]) : [];
  }
}
