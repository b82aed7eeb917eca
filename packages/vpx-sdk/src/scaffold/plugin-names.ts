/** The names that follow from that of a module. */
export interface PluginNames {
  /** `scene.brightness`. */
  readonly name: string;
  /** `scene`. */
  readonly domain: string;
  /** `brightness`. */
  readonly action: string;
  /** `scene-brightness`, for files. */
  readonly kebab: string;
  /** `scene_brightness`, for signals. */
  readonly snake: string;
  /** `SceneBrightness`, for types. */
  readonly pascal: string;
  /** `vpx-scene-brightness`. */
  readonly packageName: string;
}

const MAX_CHARS = 100;
const PART = '[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*';
const NAME = new RegExp(`^(${PART})\\.(${PART})$`);

/** Works out the names. @throws RangeError if `name` is not of the form `domain.action`. */
export function pluginNames(name: string): PluginNames {
  const [, domain, action] = NAME.exec(name) ?? [];
  if (domain === undefined || action === undefined || name.length > MAX_CHARS) {
    throw new RangeError(
      `A module is called domain.action, in lower-case letters and digits with single "-" or "_" between them, at most ${MAX_CHARS} characters, such as scene.brightness; got ${JSON.stringify(name)}.`,
    );
  }
  const words = name.split(/[._-]/);
  const kebab = words.join('-');
  return {
    ...{ name, domain, action, kebab },
    snake: words.join('_'),
    pascal: words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''),
    packageName: `vpx-${kebab}`,
  };
}

/** Reads a list such as `face.detect,hand.gesture`. @throws RangeError for a name that cannot be one. */
export function dependencyNames(list: string, name: string): readonly string[] {
  const names = list.split(',').map((one) => one.trim());
  for (const one of names) {
    pluginNames(one);
    if (one === name) throw new RangeError(`${name} cannot depend on itself.`);
  }
  return [...new Set(names)];
}
