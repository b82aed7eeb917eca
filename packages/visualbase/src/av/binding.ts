import { isVisualError, VisualError } from '../errors/visual-error.ts';

/**
 * Imports a module of this folder, which loads the native FFmpeg binding. Everything outside `av/`
 * reaches FFmpeg through this, so that programs that decode nothing (`--help`, a pure graph) load no
 * native code, and a missing binary ends in one clear error.
 *
 * @throws VisualError `VB_FFMPEG_MISSING`.
 */
export async function withBinding<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (isVisualError(cause)) throw cause;
    throw new VisualError(
      'VB_FFMPEG_MISSING',
      `The FFmpeg binding could not be loaded on ${process.platform}-${process.arch}: ${String(cause)}. Reinstall with optional dependencies (npm install --include=optional).`,
      { cause, details: { platform: process.platform, arch: process.arch } },
    );
  }
}
