import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { withBinding } from '../av/binding.ts';
import { isVisualError, VisualError } from '../errors/visual-error.ts';
import type { Trigger } from '../trigger/trigger.ts';
import { claimFreeName } from './claim-file.ts';
import type { ClipMethod } from './clip-job.ts';
import { safeFileName } from './clip-name.ts';
import {
  resolveClipOptions,
  type ClipRange,
  type ExtractClipOptions,
  type ResolvedClipOptions,
} from './extract-clip-options.ts';
import { makeFolder } from '../files/make-folder.ts';
import { runClipThread } from './run-clip-thread.ts';

export type { ClipRange, ExtractClipOptions } from './extract-clip-options.ts';

/** What {@link extractClip} wrote. All times are media time, from the start of the video stream. */
export interface ClipResult {
  readonly path: string;
  readonly requestedStartNs: number;
  readonly requestedEndNs: number;
  /**
   * Time of the first picture in the clip: the first at or after the requested start, or with the
   * method `copy` in Matroska the key frame before.
   */
  readonly startNs: number;
  /** End of the last picture in the clip. */
  readonly endNs: number;
  readonly durationNs: number;
  readonly frameCount: number;
  readonly hasAudio: boolean;
  readonly sizeBytes: number;
  /** How it was made, see the option of the same name. */
  readonly method: ClipMethod;
}

/**
 * Cuts a clip out of a video file: exactly the pictures with `startNs <= t < endNs` and the sound that
 * goes with them, as MP4 or Matroska (H.264, with the source's sound or AAC). Works in a thread of its
 * own. What of the range lies outside the file is left out.
 *
 * The file gets its name once it is complete. In `outputDir` it takes the first free one of
 * `name.mp4`, `name-2.mp4`, ...; a file at `path` is replaced.
 *
 * **Gotchas**: a call that encodes uses several threads; cut a few clips at a time, as `extractClips`
 * does.
 *
 * @param sourcePath - A video file.
 * @param what - A range, or a trigger, whose clip range and label are taken.
 * @throws TypeError or RangeError for wrong options; VisualError as `probe`, `VB_CLIP_OUTSIDE`,
 * `VB_DECODE_FAILED`, `VB_COPY_IMPOSSIBLE`, `VB_WRITE_FAILED`, `VB_THREAD_DIED`; the signal's reason
 * when aborted.
 */
export async function extractClip(
  sourcePath: string,
  what: ClipRange | Trigger,
  options: ExtractClipOptions,
): Promise<ClipResult> {
  const { range, target, signal, ...settings } = resolveClipOptions(what, options);
  signal?.throwIfAborted();
  if (range.endNs <= 0) throw liesBefore(sourcePath, range);
  if ('path' in target) await requireOtherFile(sourcePath, target.path);
  // A native addon that only ever lived in threads cannot be loaded again after the first has ended.
  await withBinding(() => import('../av/open-input.ts'));
  const folder = 'path' in target ? dirname(resolve(target.path)) : resolve(target.outputDir);
  await makeFolder(folder);
  const temporaryPath = join(folder, `.clip-${randomUUID()}.part`);
  try {
    const startNs = Math.max(0, range.startNs);
    const job = { sourcePath, targetPath: temporaryPath, startNs, endNs: range.endNs, ...settings };
    const facts = await runClipThread(job, signal);
    const path = await giveName(temporaryPath, folder, target, `.${settings.container}`);
    const { size } = await stat(path);
    return {
      path,
      requestedStartNs: range.startNs,
      requestedEndNs: range.endNs,
      ...facts,
      durationNs: facts.endNs - facts.startNs,
      sizeBytes: size,
    };
  } finally {
    await rm(temporaryPath, { force: true });
  }
}

/** The rename at the end would replace the source. */
async function requireOtherFile(sourcePath: string, path: string): Promise<void> {
  const [source, target] = await Promise.all(
    [sourcePath, path].map((file) => realpath(file).catch(() => resolve(file))),
  );
  if (source !== target) return;
  throw new RangeError(`The path option is the source itself, ${path}. Choose another name.`);
}

async function giveName(
  temporaryPath: string,
  folder: string,
  target: ResolvedClipOptions['target'],
  ending: string,
): Promise<string> {
  try {
    if ('path' in target) {
      const path = join(folder, basename(target.path));
      await rename(temporaryPath, path);
      return path;
    }
    return await claimFreeName(temporaryPath, folder, safeFileName(target.name), ending);
  } catch (cause) {
    if (isVisualError(cause)) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VisualError(
      'VB_WRITE_FAILED',
      `The clip in ${folder} could not be given its name (${reason}). Check the folder and its permissions.`,
      { cause, details: { path: folder, reason } },
    );
  }
}

function liesBefore(path: string, { startNs, endNs }: ClipRange): VisualError {
  return new VisualError(
    'VB_CLIP_OUTSIDE',
    `The range from ${startNs} to ${endNs} ns lies before the start of ${path}. Choose a range inside the file.`,
    { details: { path, startNs, endNs } },
  );
}
