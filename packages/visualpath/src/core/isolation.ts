/** How far from the rest a module runs. */
export const IsolationLevel = {
  /** Same thread. */
  INLINE: 'inline',
  /** Same process, a thread of its own. */
  THREAD: 'thread',
  /** A process of its own. */
  PROCESS: 'process',
  /** A process with a dependency tree of its own: another Node package root, or a Python environment. */
  VENV: 'venv',
  /** Another host. */
  REMOTE: 'remote',
} as const;

/** One of the levels of {@link IsolationConfig}. */
export type IsolationLevel = (typeof IsolationLevel)[keyof typeof IsolationLevel];

/** Which modules run how far from the rest. */
export interface IsolationConfig {
  /** For modules that `overrides` does not name. Default `inline`. */
  readonly defaultLevel?: IsolationLevel;
  /** Level by module name. */
  readonly overrides?: Readonly<Record<string, IsolationLevel>>;
  /** For `venv`: the root of a Node package or of a Python environment, by module name. */
  readonly venvPaths?: Readonly<Record<string, string>>;
}

/** The level at which a configuration puts a module. */
export function isolationLevelOf(
  config: IsolationConfig | undefined,
  moduleName: string,
): IsolationLevel {
  // Module names are anybody's: `constructor` is one too.
  const overrides = config?.overrides ?? {};
  const own = Object.hasOwn(overrides, moduleName) ? overrides[moduleName] : undefined;
  return own ?? config?.defaultLevel ?? 'inline';
}
