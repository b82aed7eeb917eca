import { VisualError } from 'visualbase';
import type { Discovery } from './discover-modules.ts';
import { checkPlugin, importPlugin, makePlugin } from './make-plugin.ts';
import { notFoundError } from './not-found-error.ts';
import type { PluginContract } from './plugin-contract.ts';
import type { PluginInfo } from './plugin-info.ts';
import { isPluginName, NAME_RULE } from './plugin-name.ts';
import { quote } from './printable.ts';

/** The plugins of one kind: those that were registered, in front of those that were discovered. */
export class PluginShelf {
  readonly #contract: PluginContract;
  readonly #root: string;
  readonly #discover: () => Promise<Discovery>;
  readonly #registered = new Map<string, unknown>();

  constructor(contract: PluginContract, root: string, discover: () => Promise<Discovery>) {
    this.#contract = contract;
    this.#root = root;
    this.#discover = discover;
  }

  /** Puts a class, factory or ready object under a name. */
  register(name: string, value: unknown): void {
    const { kind } = this.#contract;
    if (!isPluginName(name)) {
      throw new TypeError(`The name of a ${kind} must be ${NAME_RULE}, got ${quote(name)}.`);
    }
    if (this.#registered.has(name)) {
      const message =
        `The ${kind} ${quote(name)} is registered already. ` +
        `Register it once, or use another name or another PluginRegistry.`;
      throw new VisualError('VP_PLUGIN_DUPLICATE', message, { details: { kind, name } });
    }
    if (typeof value !== 'function') checkPlugin(this.#contract, this.#infoOf(name), value);
    this.#registered.set(name, value);
  }

  /** Everything there is, by name and sorted by it. */
  async list(): Promise<ReadonlyMap<string, PluginInfo>> {
    const { modules, backends } = await this.#discover();
    const all = new Map<string, PluginInfo>(this.#contract.kind === 'module' ? modules : backends);
    for (const name of this.#registered.keys()) all.set(name, this.#infoOf(name));
    return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Makes one. Does not look at the disk for what was registered. */
  async create(name: string, options: unknown): Promise<unknown> {
    const contract = this.#contract;
    if (this.#registered.has(name)) {
      return makePlugin(contract, this.#infoOf(name), this.#registered.get(name), options);
    }
    const known = await this.list();
    const info = known.get(name);
    if (info?.origin === 'package') {
      return makePlugin(contract, info, await importPlugin(info), options);
    }
    const { problems } = await this.#discover();
    throw notFoundError({ kind: contract.kind, name, root: this.#root, known, problems });
  }

  #infoOf(name: string): PluginInfo {
    return { origin: 'registered', kind: this.#contract.kind, name };
  }
}
