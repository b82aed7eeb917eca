/** Options by name, for modules by name. */
export type OptionsByModule = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/** One `--option`, not yet taken apart into module and option. */
export interface OptionFlag {
  /** Such as `face.detect.mesh`. */
  readonly key: string;
  readonly value: unknown;
}

const FORM = 'Write it as MODULE.NAME=VALUE, such as face.detect.mesh=true.';

/**
 * Reads `face.detect.mesh=true`. The value is JSON where it can be read as such (`true`, `5`, `[1,2]`,
 * `"5"`), else text.
 *
 * @throws RangeError if it has another form.
 */
export function parseOptionFlag(text: string): OptionFlag {
  const equals = text.indexOf('=');
  const key = text.slice(0, Math.max(0, equals)).trim();
  const isName = /^[^\s=]+\.[A-Za-z_$][\w$]*$/.test(key) && !key.endsWith('.__proto__');
  if (!isName) throw new RangeError(`The option ${JSON.stringify(text)} cannot be read. ${FORM}`);
  return { key, value: parseValue(text.slice(equals + 1)) };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * Sorts options by the modules that run.
 *
 * @throws RangeError for an option of another module.
 */
export function sortOptions(
  flags: readonly OptionFlag[],
  modules: readonly string[],
): OptionsByModule {
  const sorted = new Map<string, Map<string, unknown>>();
  for (const { key, value } of flags) {
    const dot = key.lastIndexOf('.');
    const module = key.slice(0, dot);
    if (!modules.includes(module)) {
      throw new RangeError(
        `The option ${key} is for ${module}, which does not run here. There is: ${modules.join(', ')}.`,
      );
    }
    const ofModule = sorted.get(module) ?? new Map<string, unknown>();
    sorted.set(module, ofModule.set(key.slice(dot + 1), value));
  }
  return sorted;
}
