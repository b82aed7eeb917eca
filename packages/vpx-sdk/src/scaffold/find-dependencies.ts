import { discoverModules, PluginRegistry } from 'visualpath';
import { isVisualError } from 'visualbase';

/** A module that the new one depends on. */
export interface FoundDependency {
  readonly name: string;
  /** The installed package that brings it; undefined if none does. */
  readonly from: { readonly packageName: string; readonly version: string } | undefined;
}

/** What {@link findDependencies} found. */
export interface FoundDependencies {
  readonly dependencies: readonly FoundDependency[];
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Looks for modules among those installed for the project in `root`, without importing anything.
 *
 * @param name - The new module, which may be there already.
 */
export async function findDependencies(
  root: string,
  name: string,
  names: readonly string[],
): Promise<FoundDependencies> {
  const { modules } = await discoverModules({ root });
  const warnings: string[] = [];
  const same = modules.get(name);
  if (same !== undefined) {
    warnings.push(
      `There is a ${name} already, of ${same.packageName}. Of two modules with the same name only one is found.`,
    );
  }
  const dependencies: FoundDependency[] = [];
  for (const one of names) {
    const found = modules.get(one);
    dependencies.push({
      name: one,
      from: found && { packageName: found.packageName, version: found.version ?? '*' },
    });
    if (found === undefined) warnings.push(await notInstalled(root, one));
  }
  return { dependencies, warnings };
}

async function notInstalled(root: string, name: string): Promise<string> {
  const near = await nearestNames(root, name);
  const meant = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  return `No installed package has ${name}, so that what it gives is not typed.${meant}`;
}

/** The registry knows which names are near; it imports nothing for one that is not there. */
async function nearestNames(root: string, name: string): Promise<readonly string[]> {
  try {
    await new PluginRegistry({ root }).create(name);
    return [];
  } catch (error) {
    const nearest = isVisualError(error) ? error.details['nearest'] : undefined;
    return Array.isArray(nearest) ? (nearest as string[]) : [];
  }
}
