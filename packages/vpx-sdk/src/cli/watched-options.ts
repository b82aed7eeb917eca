/** Asked of every object by Node itself. */
const NOT_OPTIONS: ReadonlySet<string> = new Set(['then', 'toJSON', 'constructor']);

/**
 * Options for a module of which nobody has said what options it takes. Watches which it reads: what it
 * never looks at, it does not know. A module that copies all it is given at once seems to know all.
 */
export class WatchedOptions {
  /** To hand to the module. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly #unread: Set<string>;
  readonly #asked = new Set<string>();

  constructor(given: ReadonlyMap<string, unknown>) {
    this.#unread = new Set(given.keys());
    const ask = (key: string | symbol): void => {
      if (typeof key === 'string' && !(key in Object.prototype) && !NOT_OPTIONS.has(key)) {
        this.#asked.add(key);
      }
    };
    // What is not there is looked for in the prototype. A proxy in place of the object itself could not
    // be sent to a thread.
    const prototype = new Proxy(Object.create(Object.prototype) as object, {
      get: (target, key, receiver): unknown => {
        ask(key);
        return Reflect.get(target, key, receiver);
      },
      has: (target, key) => {
        ask(key);
        return Reflect.has(target, key);
      },
    });
    const options = Object.create(prototype) as Record<string, unknown>;
    for (const [name, value] of given) {
      const get = (): unknown => {
        this.#unread.delete(name);
        return value;
      };
      Object.defineProperty(options, name, { get, enumerable: true, configurable: true });
    }
    this.options = options;
  }

  /** Names of given options that were never read. */
  get unread(): readonly string[] {
    return [...this.#unread];
  }

  /** Names of options that were looked for and not given, sorted. */
  get asked(): readonly string[] {
    return [...this.#asked].sort();
  }
}
