import { writeFile } from 'node:fs/promises';
import { FileSource, Frame, type FileSourceOptions } from 'visualbase';

/** A clip in memory, so that only what is measured is measured. */
export interface DecodedClip {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly pictures: readonly Uint8Array[];
  readonly timesNs: readonly number[];
}

/** Decodes at most `maxFrames` frames. */
export async function decodeClip(
  name: string,
  file: string,
  options: FileSourceOptions,
  maxFrames: number,
): Promise<DecodedClip> {
  const pictures: Uint8Array[] = [];
  const timesNs: number[] = [];
  await using source = await FileSource.open(file, options);
  for await (const frame of source) {
    pictures.push(frame.clone().data);
    timesNs.push(frame.tSrcNs);
    if (pictures.length === maxFrames) break;
  }
  return { name, width: source.width, height: source.height, pictures, timesNs };
}

/** Picture `i` as a frame; beyond the end the clip begins again, while time goes on. */
export function frameOf({ width, height, pictures, timesNs }: DecodedClip, i: number): Frame {
  const at = i % pictures.length;
  const lastNs = timesNs.at(-1)!;
  const stepNs = Math.round(lastNs / Math.max(1, pictures.length - 1));
  const tSrcNs = timesNs[at]! + Math.floor(i / pictures.length) * (lastNs + stepNs);
  return Frame.fromRgb({ frameId: i, tSrcNs, width, height, data: pictures[at]! });
}

/** Writes the pixels one after the other, for other programs. */
export const writePictures = (file: string, { pictures }: DecodedClip): Promise<void> =>
  writeFile(file, pictures);
