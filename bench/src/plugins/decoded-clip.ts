import { writeFile } from 'node:fs/promises';
import { FileSource, Frame } from 'visualbase';

/** A clip in memory, so that only what is measured is measured. */
export interface DecodedClip {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly pictures: readonly Uint8Array[];
}

/** Decodes at most `maxFrames` frames. */
export async function decodeClip(
  name: string,
  file: string,
  maxFrames: number,
): Promise<DecodedClip> {
  const pictures: Uint8Array[] = [];
  await using source = await FileSource.open(file);
  for await (const frame of source) {
    pictures.push(frame.clone().data);
    if (pictures.length === maxFrames) break;
  }
  return { name, width: source.width, height: source.height, pictures };
}

/**
 * Each picture comes so long after the one before. MediaPipe's Python solutions take them for it whatever the
 * video says, and smooth over time.
 */
const STEP_NS = 33_333_000;

/** Picture `i` as a frame; beyond the end the clip begins again, while time goes on. */
export function frameOf({ width, height, pictures }: DecodedClip, i: number): Frame {
  const data = pictures[i % pictures.length]!;
  return Frame.fromRgb({ frameId: i, tSrcNs: i * STEP_NS, width, height, data });
}

/** Writes the pixels one after the other, for other programs. */
export const writePictures = (file: string, { pictures }: DecodedClip): Promise<void> =>
  writeFile(file, pictures);
