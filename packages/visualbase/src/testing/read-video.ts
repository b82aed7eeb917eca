import { withBinding } from '../av/binding.ts';
import type { PacketInfo } from '../av/list-packets.ts';
import { findBeeps, type Beep } from './beeps.ts';
import { readFrameIndex } from './frame-code.ts';

/** A picture found in a file that was made from a `makeVideo` file. */
export interface FoundPicture {
  /** Media time, from the start of the video stream. */
  readonly tNs: number;
  /** Which picture of the original it is. */
  readonly index: number;
}

/**
 * Decodes a file made from a `makeVideo` file and reads the code of every picture.
 *
 * @throws VisualError as `probe`; Error when a picture carries no code.
 */
export async function listPictures(path: string): Promise<readonly FoundPicture[]> {
  const { decodeAll } = await withBinding(() => import('../av/decode-all.ts'));
  const found: FoundPicture[] = [];
  await decodeAll(path, (tNs, image) => found.push({ tNs, index: readFrameIndex(image) }));
  return found;
}

/**
 * Decodes the soundtrack of a file made from a `makeVideo` file and finds its beeps.
 *
 * @throws VisualError as `probe`; RangeError when there is no audio.
 */
export async function listBeeps(path: string): Promise<readonly Beep[]> {
  const { decodeMono } = await withBinding(() => import('../av/decode-mono.ts'));
  return findBeeps(await decodeMono(path));
}

/** Lists the packets of a file's video and audio stream, in the order in which they are stored. */
export async function listPackets(path: string): Promise<readonly PacketInfo[]> {
  const module = await withBinding(() => import('../av/list-packets.ts'));
  return module.listPackets(path);
}
