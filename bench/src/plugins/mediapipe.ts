import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writePictures, type DecodedClip } from './decoded-clip.ts';

// What vpx-sdk depends on is installed where vpx-sdk finds it.
const requireOfSdk = createRequire(import.meta.resolve('vpx-sdk'));
const POSE_MODELS = path.dirname(requireOfSdk.resolve('@mediapipe/pose/package.json'));
const SCRIPT = fileURLToPath(new URL('../../python/mediapipe_solutions.py', import.meta.url));
const VENV = 'node_modules/.cache/visualpath/mediapipe';
const VERSION = '0.10.21';
const VARIABLE = 'VISUALPATH_MEDIAPIPE_PYTHON';

/** Points in pixels of what is found in a picture: landmarks, or two corners of a box. */
export interface FoundPoints {
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What a solution made of a clip. */
export interface ClipResult {
  /** Milliseconds for each frame. */
  readonly ms: readonly number[];
  /** Processor time of all threads, milliseconds per frame: it hardly depends on what else runs. */
  readonly cpuMs: number;
  readonly found: readonly (readonly FoundPoints[])[];
}

/** A solution of MediaPipe with the options of its Python class. */
export interface Solution {
  readonly solution: 'face_detection' | 'face_mesh' | 'hands' | 'pose';
  readonly options: Readonly<Record<string, number | boolean>>;
}

/** MediaPipe in a Python process. */
export class MediaPipe {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  readonly #folder: string;
  readonly #files = new Map<DecodedClip, string>();

  private constructor(python: string, folder: string) {
    this.#folder = folder;
    this.#child = spawn(python, [SCRIPT, POSE_MODELS], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** Starts the Python that was chosen, else one that has mediapipe; says so if there is none. */
  static async start(chosen: string | undefined): Promise<MediaPipe | undefined> {
    const named = chosen ?? process.env[VARIABLE];
    const candidates =
      named === undefined || named === '' ? [path.join(VENV, 'bin/python'), 'python3'] : [named];
    for (const python of candidates) {
      if (!(await hasMediaPipe(python))) continue;
      return new MediaPipe(python, await mkdtemp(path.join(tmpdir(), 'bench-plugins-')));
    }
    console.error(
      `No Python with mediapipe (tried ${candidates.join(', ')}): its side is left out. Install it with\n  python3 -m venv ${VENV} && ${VENV}/bin/pip install mediapipe==${VERSION}\nor name another Python with --python PATH or ${VARIABLE}.`,
    );
    return undefined;
  }

  /**
   * Runs a solution over a clip, from its beginning.
   *
   * @param isDisturbed - Change one pixel in ten thousand by one grey level first.
   */
  async run(
    clip: DecodedClip,
    { solution, options }: Solution,
    isDisturbed = false,
  ): Promise<ClipResult> {
    let frames = this.#files.get(clip);
    if (frames === undefined) {
      frames = path.join(this.#folder, `${clip.name}.rgb`);
      await writePictures(frames, clip);
      this.#files.set(clip, frames);
    }
    const { width, height, pictures } = clip;
    const count = pictures.length;
    const job = { frames, width, height, count, solution, options, isDisturbed };
    this.#child.stdin.write(`${JSON.stringify(job)}\n`);
    const line: IteratorResult<string, unknown> = await this.#lines.next();
    if (line.done === true) throw new Error('The Python process of MediaPipe ended by itself.');
    return JSON.parse(line.value) as ClipResult;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#child.stdin.end();
    await ended;
    this.#reader.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function hasMediaPipe(python: string): Promise<boolean> {
  try {
    const check = 'import importlib.metadata as m; print(m.version("mediapipe"))';
    const { stdout } = await promisify(execFile)(python, ['-c', check]);
    const version = stdout.trim();
    if (version !== VERSION) {
      console.error(`${python} has mediapipe ${version}; figures are meant for ${VERSION}.`);
    }
    return true;
  } catch {
    return false;
  }
}
