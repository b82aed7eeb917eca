import { isVisualError } from 'visualbase';
import type { AnyModule } from 'visualpath';
import type { InstalledModules } from './installed-modules.ts';
import { sortOptions, type OptionFlag } from './module-options.ts';
import { WatchedOptions } from './watched-options.ts';

/**
 * Options without which a module gives its dependants nothing; what the user says goes before. Modules
 * cannot declare this.
 */
const NEEDED_OPTIONS: Readonly<Record<string, Readonly<Record<string, OptionFlag>>>> = {
  'face.expression': { 'face.detect': { key: 'face.detect.mesh', value: true } },
};

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
  const { all, notes } = await withDependencies(installed, names);
  const wanted = [...flags, ...neededOptions(all, flags, notes)];
  const watched = new Map<string, WatchedOptions>();
  for (const [name, options] of sortOptions(wanted, all)) {
    watched.set(name, new WatchedOptions(options));
  }
  const modules: AnyModule[] = [];
  for (const name of all) modules.push(await make(installed, name, watched.get(name)));
  return { modules, notes, checkOptions: () => watched.forEach(refuseUnread) };
}

/** The names with those of what they depend on, what is needed first. */
async function withDependencies(
  installed: InstalledModules,
  names: readonly string[],
): Promise<{ readonly all: readonly string[]; readonly notes: string[] }> {
  const all = new Set<string>();
  const notes: string[] = [];
  const add = async (name: string, neededBy: readonly string[]): Promise<void> => {
    if (all.has(name) || neededBy.includes(name)) return;
    const { depends } = await installed.create(name);
    // Those by value come along by themselves.
    for (const needed of depends.filter((one) => typeof one === 'string')) {
      if (!names.includes(needed) && !all.has(needed)) notes.push(`${name} needs ${needed}: added`);
      await add(needed, [...neededBy, name]);
    }
    all.add(name);
  };
  for (const name of names) await add(name, []);
  return { all: [...all], notes };
}

function neededOptions(
  names: readonly string[],
  given: readonly OptionFlag[],
  notes: string[],
): readonly OptionFlag[] {
  return names.flatMap((name) =>
    Object.entries(NEEDED_OPTIONS[name] ?? {}).flatMap(([needed, flag]) => {
      if (!names.includes(needed) || given.some(({ key }) => key === flag.key)) return [];
      notes.push(`${name} needs ${flag.key}=${String(flag.value)}: set`);
      return [flag];
    }),
  );
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
