import { resolve } from 'node:path';
import type { ExecutionBackend } from '../backends/execution-backend.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import type { AnyModule } from '../core/module.ts';
import { discoverModules, type Discovery } from './discover-modules.ts';
import { BACKEND_CONTRACT, MODULE_CONTRACT } from './plugin-contract.ts';
import type { PluginInfo } from './plugin-info.ts';
import type { PluginProblem } from './plugin-problem.ts';
import { PluginShelf } from './plugin-shelf.ts';

/**
 * What makes a module or backend: a class, a function, or the finished object.
 *
 * A function counts as a class if it has a `prototype` of its own and is either written with `class` or
 * has `process` (`execute` for a backend) on that prototype; any other function is a factory.
 */
export type PluginSource<T> =
  (new (options: never) => T) | ((options: never) => MaybePromise<T>) | T;

/** Options of {@link PluginRegistry}. */
export interface PluginRegistryOptions {
  /** Folder of the project whose plugins are looked for. Default: `process.cwd()`. */
  readonly root?: string | undefined;
}

/**
 * Modules and backends by name: those of the packages installed for a project, and those that the
 * program registers, which win.
 *
 * The disk is looked at once, when first needed (see {@link discoverModules}); a package is imported
 * when something of it is created, and not before. A new registry sees what was installed since.
 *
 * @example
 * ```ts
 * const registry = new PluginRegistry();
 * registry.register('frame.brightness', Brightness);
 * const modules = [
 *   await registry.create('face.detect', { range: 'short' }),
 *   await registry.create('frame.brightness'),
 * ];
 * ```
 */
export class PluginRegistry {
  readonly #root: string;
  readonly #modules: PluginShelf;
  readonly #backends: PluginShelf;
  #discovery: Promise<Discovery> | undefined;

  constructor(options: PluginRegistryOptions = {}) {
    this.#root = resolve(options.root ?? process.cwd());
    const discover = (): Promise<Discovery> => this.#discover();
    this.#modules = new PluginShelf(MODULE_CONTRACT, this.#root, discover);
    this.#backends = new PluginShelf(BACKEND_CONTRACT, this.#root, discover);
  }

  /** Lists every module that {@link PluginRegistry.create} can make, by name and sorted by it. */
  listModules(): Promise<ReadonlyMap<string, PluginInfo>> {
    return this.#modules.list();
  }

  /** Lists every backend that {@link PluginRegistry.createBackend} can make, by name and sorted by it. */
  listBackends(): Promise<ReadonlyMap<string, PluginInfo>> {
    return this.#backends.list();
  }

  /** Lists what is wrong with installed plugins. */
  async problems(): Promise<readonly PluginProblem[]> {
    return (await this.#discover()).problems;
  }

  /**
   * Adds a module. It wins over an installed one of the same name.
   *
   * @param name - The `name` that the module itself has.
   * @throws VisualError `VP_PLUGIN_DUPLICATE` if the name was registered before, `VP_PLUGIN_BROKEN`
   * for an object that is no module; TypeError for a name that cannot be one.
   */
  register(name: string, module: PluginSource<AnyModule>): void {
    this.#modules.register(name, module);
  }

  /** Adds a backend, as {@link PluginRegistry.register} adds a module. */
  registerBackend(name: string, backend: PluginSource<ExecutionBackend>): void {
    this.#backends.register(name, backend);
  }

  /**
   * Makes the module of a name. A class or factory gives a new module each time; of a plugin that is a
   * ready object there is one only, which must not be in two runs at once.
   *
   * @param options - Handed to the class or factory. A ready object takes none.
   * @throws VisualError `VP_PLUGIN_NOT_FOUND`; `VP_PLUGIN_BROKEN` if importing or making it fails, or
   * what comes out is no module of that name; TypeError for options to a ready object.
   */
  async create(name: string, options?: unknown): Promise<AnyModule> {
    // The shelf has checked the shape; nothing but the check can say so of code from elsewhere.
    return (await this.#modules.create(name, options)) as AnyModule;
  }

  /** Makes the backend of a name, as {@link PluginRegistry.create} makes a module. */
  async createBackend(name: string, options?: unknown): Promise<ExecutionBackend> {
    // As above.
    return (await this.#backends.create(name, options)) as ExecutionBackend;
  }

  #discover(): Promise<Discovery> {
    this.#discovery ??= discoverModules({ root: this.#root });
    return this.#discovery;
  }
}
