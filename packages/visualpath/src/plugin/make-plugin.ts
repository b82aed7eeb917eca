import { fileURLToPath } from 'node:url';
import { VisualError } from 'visualbase';
import { nearestNames } from './nearest-names.ts';
import { findFault, isClass, type PluginContract } from './plugin-contract.ts';
import type { DiscoveredPlugin, PluginInfo } from './plugin-info.ts';
import { printable, printablePath, quote } from './printable.ts';

/**
 * Imports the file of a discovered plugin and takes the declared export from it.
 *
 * @throws VisualError `VP_PLUGIN_BROKEN` if the import fails or has no such export.
 */
export async function importPlugin(plugin: DiscoveredPlugin): Promise<unknown> {
  let namespace: Readonly<Record<string, unknown>>;
  try {
    // What a namespace holds is unknown until it is looked at.
    namespace = (await import(plugin.entryUrl)) as Record<string, unknown>;
  } catch (error) {
    const remedy = 'Reinstall or mend the package';
    throw brokenError(plugin, `cannot be imported: ${firstLine(error)}`, remedy, error);
  }
  try {
    if (plugin.exportName in namespace) return namespace[plugin.exportName];
  } catch (error) {
    throw brokenError(plugin, `cannot be read: ${firstLine(error)}`, 'Mend the package', error);
  }
  const exported = Object.keys(namespace);
  const near = nearestNames(plugin.exportName, exported);
  const meant = (near.length > 0 ? near : exported).slice(0, 10).map(quote).join(', ');
  const has = near.length > 0 ? `did it mean ${meant}?` : `the file exports ${meant || 'nothing'}`;
  const what = `names the export ${quote(plugin.exportName)}, which is not there; ${has}`;
  throw brokenError(plugin, what, 'Correct the entry in its package.json');
}

/**
 * Makes a plugin from a class (called with `new` and the options), a factory function (called with the
 * options, may be asynchronous) or a ready object (which takes none). See {@link isClass} for how the
 * first two are told apart.
 *
 * @returns Something that {@link findFault} has nothing against.
 * @throws VisualError `VP_PLUGIN_BROKEN` if class or factory throw or give something else; TypeError
 * for options to a ready object.
 */
export async function makePlugin(
  contract: PluginContract,
  info: PluginInfo,
  value: unknown,
  options: unknown,
): Promise<unknown> {
  const made = await callWith(contract, info, value, options);
  checkPlugin(contract, info, made);
  return made;
}

/** Checks a finished plugin. @throws VisualError `VP_PLUGIN_BROKEN` with what it lacks. */
export function checkPlugin(contract: PluginContract, info: PluginInfo, made: unknown): void {
  let fault: string | undefined;
  try {
    fault = findFault(contract, info.name, made);
  } catch (error) {
    throw brokenError(info, `cannot be read: ${firstLine(error)}`, 'Mend it', error);
  }
  if (fault !== undefined) throw brokenError(info, `cannot be used: ${fault}`, 'Mend it');
}

async function callWith(
  contract: PluginContract,
  info: PluginInfo,
  value: unknown,
  options: unknown,
): Promise<unknown> {
  if (typeof value !== 'function') {
    if (options === undefined) return value;
    throw new TypeError(
      `${describe(info)} is a ready object, which takes no \`options\`. Leave them out, or ` +
        `register a class or a factory function.`,
    );
  }
  try {
    // Awaited here, so that what an asynchronous factory throws is caught.
    const made: unknown = isClass(contract, value)
      ? Reflect.construct(value, [options])
      : await Reflect.apply(value, undefined, [options]);
    return made;
  } catch (error) {
    const remedy = 'Check the options it was given; if they are right, the plugin is wrong';
    throw brokenError(info, `could not be made: ${firstLine(error)}`, remedy, error);
  }
}

function brokenError(info: PluginInfo, what: string, remedy: string, cause?: unknown): VisualError {
  return new VisualError('VP_PLUGIN_BROKEN', `${describe(info)} ${what}. ${remedy}.`, {
    ...(cause === undefined ? {} : { cause }),
    details: { plugin: info },
  });
}

/** Names a plugin, its package and its file, at the start of a sentence. */
function describe(info: PluginInfo): string {
  const what = `The ${info.kind} ${quote(info.name)}`;
  if (info.origin === 'registered') return `${what} registered by this program`;
  const { packageName, version, entryUrl, exportName } = info;
  const file = `${printablePath(fileURLToPath(entryUrl))}#${exportName}`;
  return `${what} of ${[packageName, version].filter(Boolean).join(' ')} (${file})`;
}

function firstLine(error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n', 1);
  return printable(line.replace(/\.$/, ''), 500);
}
