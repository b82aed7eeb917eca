import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeVideo, type MakeVideoOptions } from '../make-video.ts';

/** A small sound file of some codec and container, to be damaged. */
export interface SeedVideo {
  readonly name: string;
  readonly bytes: Buffer;
}

type SeedOptions = Omit<MakeVideoOptions, 'path'>;

const SEEDS: Readonly<Record<string, SeedOptions>> = {
  'h264.mp4': { codec: 'h264' },
  'h264-sound.mp4': { codec: 'h264', audio: true },
  'h264-turned.mp4': { codec: 'h264', rotationDeg: 90 },
  'h264.mkv': { codec: 'h264' },
  'h264-sound.mkv': { codec: 'h264', audio: { codec: 'flac' } },
  'h264-sound.ts': { codec: 'h264', audio: true },
  'h264.avi': { codec: 'h264', bFrames: 0 },
  'h264.flv': { codec: 'h264' },
  'hevc.mp4': { codec: 'hevc' },
  'hevc-sound.mkv': { codec: 'hevc', audio: true },
  'av1.mp4': { codec: 'av1' },
  'av1.webm': { codec: 'av1' },
  'vp8-sound.webm': { codec: 'vp8', audio: true },
  'vp9.webm': { codec: 'vp9' },
  'vp9-sound.webm': { codec: 'vp9', audio: true },
  'vp9.mp4': { codec: 'vp9' },
  'mpeg2.ts': { codec: 'mpeg2' },
  'mpeg2-sound.mpg': { codec: 'mpeg2', audio: { codec: 'mp3' } },
  'mpeg4.avi': { codec: 'mpeg4', bFrames: 1 },
  'mpeg4-sound.avi': { codec: 'mpeg4', audio: { codec: 'pcm' } },
  'mjpeg.avi': { codec: 'mjpeg' },
  'mjpeg.mov': { codec: 'mjpeg' },
  'ffv1.mkv': { codec: 'ffv1' },
  'loop.gif': { codec: 'gif' },
};

/** Makes the seeds in a folder. @param names - Default: all. */
export async function makeSeeds(
  folder: string,
  names: readonly string[] = Object.keys(SEEDS),
): Promise<readonly SeedVideo[]> {
  const seeds: SeedVideo[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const options = SEEDS[name]!;
    await makeVideo({ path, width: 96, height: 64, frameCount: 18, gop: 6, ...options });
    seeds.push({ name, bytes: await readFile(path) });
  }
  return seeds;
}
