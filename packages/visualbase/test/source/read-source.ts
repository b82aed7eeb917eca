import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { DecodeStats } from '../../src/decode/decode-job.ts';
import type { Frame } from '../../src/frame/frame.ts';
import type { MediaInfo } from '../../src/probe/media-info.ts';
import type { FileSourceOptions } from '../../src/source/file-source-options.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { readFrameIndex } from '../../src/testing/frame-code.ts';

/** A picture that came out of a source. */
export interface ReadPicture {
  readonly frameId: number;
  readonly tNs: number;
  /** Which picture of the made video it is; undefined when its code cannot be read. */
  readonly index: number | undefined;
  readonly size: string;
}

/** Everything that came out of a source. */
export interface ReadSource {
  readonly pictures: readonly ReadPicture[];
  readonly stats: DecodeStats;
  readonly info: MediaInfo;
}

function indexIn(frame: Frame): number | undefined {
  try {
    return readFrameIndex(frame);
  } catch {
    return undefined;
  }
}

/** Reads a file to its end. */
export async function readSource(path: string, options?: FileSourceOptions): Promise<ReadSource> {
  const source = await FileSource.open(path, options);
  const pictures: ReadPicture[] = [];
  for await (const frame of source) {
    const { frameId, tSrcNs, width, height } = frame;
    pictures.push({ frameId, tNs: tSrcNs, index: indexIn(frame), size: `${width}x${height}` });
  }
  return { pictures, stats: source.stats!, info: source.info };
}

/** A folder for the tests of a file, gone when they have ended. Gives paths inside it. */
export function useTempFolder(): (name: string) => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'visualbase-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}
