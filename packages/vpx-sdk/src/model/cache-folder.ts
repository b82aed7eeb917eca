import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The folder in which converted models are kept: `VISUALPATH_CACHE_DIR` if set, else
 * `visualpath/models` in the user's cache folder (`XDG_CACHE_HOME` or `~/.cache` on Linux,
 * `~/Library/Caches` on macOS, `LOCALAPPDATA` on Windows).
 */
export function modelCacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const chosen = env['VISUALPATH_CACHE_DIR'];
  if (chosen) return path.resolve(chosen);
  return path.join(userCacheFolder(env, platform, home), 'visualpath', 'models');
}

function userCacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches');
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local');
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification has relative paths ignored.
  return xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache');
}
