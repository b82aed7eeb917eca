import type { OpenedFile } from '../decode/frame-feed.ts';
import { fromWireError } from '../errors/visual-error.ts';
import { MemoryFile } from '../libc/memory-file.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { DecoderProcess } from './decoder-process.ts';
import type { ResolvedLimits } from './isolation-limits.ts';
import { ProcessFeed } from './process-feed.ts';

/**
 * Looks into a file in a process of its own, which can then decode it.
 *
 * @throws VisualError as `probe`, `VB_DECODER_CRASHED`, `VB_DECODER_HUNG` or `VB_DECODER_TOO_BIG`; the
 * signal's reason.
 *
 * @param createMemory - Gives the memory for the frames; undefined to have them sent through the pipe.
 */
export async function openInProcess(
  path: string,
  limits: ResolvedLimits,
  signal: AbortSignal | undefined,
  createMemory: () => Promise<MemoryFile | undefined> = () => MemoryFile.create(),
): Promise<OpenedFile> {
  const memory = await createMemory();
  const decoder = new DecoderProcess(path, limits, memory?.fd);
  const discard = (): void => {
    decoder.kill();
    memory?.closeFd();
  };
  try {
    const info = await probeIn(decoder, { path, isToBeDecoded: true }, signal);
    return {
      info,
      start: (job, listener) => new ProcessFeed(decoder, memory, job, listener),
      discard,
    };
  } catch (error) {
    discard();
    throw error;
  }
}

/** As `probe`, in a process that is gone again afterwards. */
export async function probeInProcess(
  path: string,
  limits: ResolvedLimits,
  signal: AbortSignal | undefined,
): Promise<MediaInfo> {
  const decoder = new DecoderProcess(path, limits, undefined);
  try {
    return await probeIn(decoder, { path, isToBeDecoded: false }, signal);
  } finally {
    decoder.kill();
    decoder.keepAlive(true);
    await decoder.done;
  }
}

async function probeIn(
  decoder: DecoderProcess,
  what: { readonly path: string; readonly isToBeDecoded: boolean },
  signal: AbortSignal | undefined,
): Promise<MediaInfo> {
  let isWaiting = true;
  let onAbort = (): void => undefined;
  decoder.keepAlive(true);
  try {
    return await new Promise<MediaInfo>((resolve, reject) => {
      onAbort = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted === true) onAbort();
      decoder.listener = {
        isOwing: () => isWaiting,
        onMessage(message) {
          isWaiting = false;
          if (message.type === 'info') resolve(message.info);
          else if (message.type === 'error') reject(fromWireError(message.error));
        },
        onDeath: reject,
      };
      decoder.send({ type: 'probe', ...what });
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    decoder.keepAlive(false);
  }
}
