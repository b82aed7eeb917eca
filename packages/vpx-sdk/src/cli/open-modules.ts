import { isVisualError } from 'visualbase';
import type { AnyModule, DependencyOptions } from 'visualpath';
import type { InstalledModules } from './installed-modules.ts';
import { sortOptions, type OptionFlag } from './module-options.ts';
import { WatchedOptions } from './watched-options.ts';

/** Modules that are made and not yet started. */
export interface OpenedModules {
  readonly modules: readonly AnyModule[];
  /** What was added or set beyond what was asked for, in words. */
  readonly notes: readonly string[];
  /**
   * Looks whether the modules have taken up all options. To be called when each has seen a frame.
   *
   * @throws RangeError naming an option that a module has not looked at.
   */
  readonly checkOptions: () => void;
}

/** Takes `face.detect,face.expression` apart. @throws RangeError if nothing is named. */
export function parseModuleNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  const named = [...new Set(names.filter((name) => name !== ''))];
  if (named.length === 0) throw new RangeError('Name at least one module; see vpx list.');
  return named;
}

/**
 * Makes modules and those that they need.
 *
 * @throws RangeError for names and options that are wrong; VisualError `VP_PLUGIN_BROKEN`.
 */
export async function openModules(
  installed: InstalledModules,
  names: readonly string[],
  flags: readonly OptionFlag[],
): Promise<OpenedModules> {
  const { needed, notes } = await withDependencies(installed, names);
  const all = [...needed.keys()];
  const wanted = [...flags, ...neededOptions(needed, flags, notes)];
  const watched = new Map<string, WatchedOptions>();
  for (const [name, options] of sortOptions(wanted, all)) {
    watched.set(name, new WatchedOptions(options));
  }
  const modules: AnyModule[] = [];
  for (const name of all) modules.push(await make(installed, name, watched.get(name)));
  return { modules, notes, checkOptions: () => watched.forEach(refuseUnread) };
}

/** Modules by name, what is needed first, with the options that each wants its dependencies made with. */
type NeededModules = ReadonlyMap<string, DependencyOptions>;

/** The names with those of what they depend on. */
async function withDependencies(
  installed: InstalledModules,
  names: readonly string[],
): Promise<{ readonly needed: NeededModules; readonly notes: string[] }> {
  const needed = new Map<string, DependencyOptions>();
  const notes: string[] = [];
  const add = async (name: string, neededBy: readonly string[]): Promise<void> => {
    if (needed.has(name) || neededBy.includes(name)) return;
    const { depends, dependencyOptions = {} } = await installed.create(name);
    // Those by value come along by themselves.
    for (const other of depends.filter((one) => typeof one === 'string')) {
      if (!names.includes(other) && !needed.has(other)) notes.push(`${name} needs ${other}: added`);
      await add(other, [...neededBy, name]);
    }
    needed.set(name, dependencyOptions);
  };
  for (const name of names) await add(name, []);
  return { needed, notes };
}

/** Options that modules want others made with; what the user says goes before. */
function neededOptions(
  modules: NeededModules,
  given: readonly OptionFlag[],
  notes: string[],
): readonly OptionFlag[] {
  const added: OptionFlag[] = [];
  for (const [name, dependencyOptions] of modules) {
    for (const [other, options] of Object.entries(dependencyOptions)) {
      if (!modules.has(other)) continue;
      for (const [option, value] of Object.entries(options)) {
        const key = `${other}.${option}`;
        if ([...given, ...added].some((flag) => flag.key === key)) continue;
        notes.push(`${name} needs ${key}=${JSON.stringify(value)}: set`);
        added.push({ key, value });
      }
    }
  }
  return added;
}

async function make(
  installed: InstalledModules,
  name: string,
  watched: WatchedOptions | undefined,
): Promise<AnyModule> {
  try {
    return await installed.create(name, watched?.options);
  } catch (error) {
    const cause = isVisualError(error) ? error.cause : error;
    const isUsage = cause instanceof RangeError || cause instanceof TypeError;
    if (watched === undefined || !isUsage) throw error;
    throw new RangeError(`Options of ${name}: ${cause.message}`, { cause: error });
  }
}

function refuseUnread({ unread, asked }: WatchedOptions, module: string): void {
  const [name] = unread;
  if (name === undefined) return;
  const others = asked.length === 0 ? 'It takes none' : `It also takes ${asked.join(', ')}`;
  throw new RangeError(`The module ${module} does not know the option ${name}. ${others}.`);
}
