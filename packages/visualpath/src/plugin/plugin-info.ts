/** What a plugin can bring. */
export type PluginKind = 'module' | 'backend';

/** A plugin that an installed package declares in its `package.json`; nothing of it is loaded yet. */
export interface DiscoveredPlugin {
  readonly origin: 'package';
  readonly kind: PluginKind;
  /** The name it is asked for by, for modules in the form `domain.action`. */
  readonly name: string;
  readonly packageName: string;
  /** As in `package.json`; undefined if it has none that could be one. */
  readonly version: string | undefined;
  /** Folder of the package, absolute, with symbolic links resolved. */
  readonly folder: string;
  /** `file:` URL of the file to import, inside {@link DiscoveredPlugin.folder}. */
  readonly entryUrl: string;
  /** Name of the export in that file. */
  readonly exportName: string;
}

/** A plugin that the program registered itself. */
export interface RegisteredPlugin {
  readonly origin: 'registered';
  readonly kind: PluginKind;
  readonly name: string;
}

/** What is known about a plugin before it is made. */
export type PluginInfo = DiscoveredPlugin | RegisteredPlugin;
