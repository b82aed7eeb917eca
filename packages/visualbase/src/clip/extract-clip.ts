import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import { fromWireError, VisualError } from '../errors/visual-error.ts';
import { Trigger } from '../trigger/trigger.ts';
import type { ClipFacts, ClipJob, ClipMessage } from './clip-job.ts';
import { safeFileName } from './clip-name.ts';

/** What to cut: a range of media time (the end is exclusive), or the clip range of a trigger. */
export type ClipRange = { readonly startNs: number; readonly endNs: number } | Trigger;

/** Options of {@link extractClip}. */
export interface ExtractClipOptions {
  /** Folder to write to; made if it is not there. The clip never leaves it, whatever its name. */
  readonly outputDir: string;
  /** Name without ending; made safe for every file system. Default: the trigger's label, or `clip`. */
  readonly name?: string;
  /** Quality of H.264, 0 (lossless) to 51; lower is better. Default 20. */
  readonly crf?: number;
  /** Speed of x264. Default `veryfast`. */
  readonly preset?: 'ultrafast' | 'superfast' | 'veryfast' | 'faster' | 'fast' | 'medium' | 'slow';
  /** Take the sound along. Default true. */
  readonly audio?: boolean;
  /** Stops the work, removes what was written and rejects with the reason. */
  readonly signal?: AbortSignal;
}

/** What {@link extractClip} wrote, beside what was asked for. */
export interface ClipResult {
  readonly path: string;
  readonly requestedStartNs: number;
  readonly requestedEndNs: number;
  /** Time of the first picture in the source. */
  readonly startNs: number;
  /** End of the last picture. */
  readonly endNs: number;
  readonly durationNs: number;
  readonly frameCount: number;
  readonly hasAudio: boolean;
  readonly sizeBytes: number;
  /** How it was made. */
  readonly method: 'encode';
}

const ENDING = '.mp4';

/**
 * Cuts a clip out of a file: exactly the pictures with `startNs <= t < endNs`, with their sound, as
 * H.264 in MP4. Works in a thread of its own; the file has its final name only when it is whole, and
 * never takes the place of another (`name-2.mp4`, ...). What of the range lies outside the file is
 * left out.
 *
 * @throws VisualError `VB_FILE_NOT_FOUND` and the like as `probe`, `VB_CLIP_OUTSIDE` when no picture
 * lies in the range, `VB_DECODE_FAILED`, `VB_WRITE_FAILED`; RangeError for a wrong range or option.
 */
export async function extractClip(
  sourcePath: string,
  range: ClipRange,
  options: ExtractClipOptions,
): Promise<ClipResult> {
  const { startNs, endNs } = rangeOf(range);
  const { outputDir, crf = 20, preset = 'veryfast', audio = true, signal } = options;
  if (!(crf >= 0 && crf <= 51)) {
    throw new RangeError(`The \`crf\` option must be 0 to 51, got ${crf}.`);
  }
  signal?.throwIfAborted();
  // The native binding must be loaded by the main thread before any worker uses it.
  await withBinding(() => import('../av/open-input.ts'));
  await makeFolder(outputDir);
  const targetPath = path.join(outputDir, `.${randomUUID()}${ENDING}.tmp`);
  const stopFlag = new Int32Array(new SharedArrayBuffer(4));
  const job = { sourcePath, targetPath, startNs, endNs, crf, preset, stopFlag };
  try {
    const facts = await encodeInThread({ ...job, isAudioWanted: audio }, signal);
    const name = safeFileName(options.name ?? (range instanceof Trigger ? range.label : 'clip'));
    const file = await claimName(targetPath, outputDir, name);
    const { size: sizeBytes } = await stat(file);
    return {
      path: file,
      requestedStartNs: startNs,
      requestedEndNs: endNs,
      ...facts,
      durationNs: facts.endNs - facts.startNs,
      sizeBytes,
      method: 'encode',
    };
  } finally {
    await rm(targetPath, { force: true });
  }
}

function rangeOf(range: ClipRange): { readonly startNs: number; readonly endNs: number } {
  const [startNs, endNs] =
    range instanceof Trigger
      ? [range.clipStartNs, range.clipEndNs]
      : [Math.max(0, range.startNs), range.endNs];
  if (!(Number.isSafeInteger(startNs) && Number.isSafeInteger(endNs) && endNs > startNs)) {
    throw new RangeError(
      `A clip needs whole nanoseconds with endNs after startNs, got ${startNs} to ${endNs}.`,
    );
  }
  return { startNs, endNs };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw writeFailed(folder, cause);
  }
}

const writeFailed = (file: string, cause: unknown): VisualError =>
  new VisualError(
    'VB_WRITE_FAILED',
    `${file} could not be written: ${cause instanceof Error ? cause.message : String(cause)}. Check the folder, its permissions and the free space.`,
    { cause, details: { path: file } },
  );

/** Runs the clip thread to its own end; it is asked to stop, never terminated. */
async function encodeInThread(job: ClipJob, signal: AbortSignal | undefined): Promise<ClipFacts> {
  const worker = new Worker(new URL('./clip-worker.js', import.meta.url), { workerData: job });
  const onAbort = (): void => {
    Atomics.store(job.stopFlag, 0, 1);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  let outcome: ClipMessage | undefined;
  let crash: unknown;
  worker.on('message', (message: ClipMessage) => (outcome = message));
  worker.on('error', (error) => (crash = error));
  await new Promise((resolve) => worker.once('exit', resolve));
  signal?.removeEventListener('abort', onAbort);
  if (outcome?.type === 'done') return outcome.facts;
  if (outcome?.type === 'error') throw fromWireError(outcome.error);
  signal?.throwIfAborted();
  throw new VisualError(
    'VB_THREAD_DIED',
    `The clip thread for ${job.sourcePath} ended without a result: ${String(crash)}.`,
    { cause: crash, details: { sourcePath: job.sourcePath } },
  );
}

/** Gives the finished file the first free name. Linking fails if the name is taken: no race. */
async function claimName(temporary: string, folder: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const file = path.join(folder, `${name}${number === 1 ? '' : `-${number}`}${ENDING}`);
    try {
      await link(temporary, file);
      return file;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === 'EEXIST') continue;
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS')
        throw writeFailed(file, cause);
    }
    // File systems without links: check, then rename.
    if ((await stat(file).catch(() => undefined)) !== undefined) continue;
    await rename(temporary, file).catch((cause: unknown) => {
      throw writeFailed(file, cause);
    });
    return file;
  }
}
