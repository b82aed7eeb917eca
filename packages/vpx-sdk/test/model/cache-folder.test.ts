import { describe, expect, it } from 'vitest';
import { modelCacheFolder } from '../../src/model/cache-folder.ts';

describe('modelCacheFolder', () => {
  it.each([
    ['~/.cache on Linux', {}, 'linux', '/users/ada/.cache/visualpath/models'],
    ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/xdg' }, 'linux', '/xdg/visualpath/models'],
    [
      '~/.cache where XDG_CACHE_HOME is relative',
      { XDG_CACHE_HOME: 'xdg' },
      'linux',
      '/users/ada/.cache/visualpath/models',
    ],
    [
      'Library/Caches on macOS',
      { XDG_CACHE_HOME: '/xdg' },
      'darwin',
      '/users/ada/Library/Caches/visualpath/models',
    ],
    ['LOCALAPPDATA on Windows', { LOCALAPPDATA: '/local' }, 'win32', '/local/visualpath/models'],
    [
      'VISUALPATH_CACHE_DIR before all',
      { VISUALPATH_CACHE_DIR: '/mine', XDG_CACHE_HOME: '/xdg' },
      'linux',
      '/mine',
    ],
  ] as const)('is %s', (_, env, platform, folder) => {
    expect(modelCacheFolder(env, platform, '/users/ada')).toBe(folder);
  });
});
