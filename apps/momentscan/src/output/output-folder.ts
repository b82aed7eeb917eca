import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, VisualError } from 'visualbase';
import { z } from 'zod';
import { highlightsSchema, type Highlights } from './highlights-schema.ts';

const HIGHLIGHTS = 'highlights.json';

/**
 * The folder a scan writes: `clips/`, `stills/` and `highlights.json`. What an earlier scan left in it
 * is removed first, as far as that scan's own file lists it; nothing else is touched.
 */
export class OutputFolder {
  readonly path: string;

  private constructor(folder: string) {
    this.path = folder;
  }

  /** Makes the folder ready. @throws VisualError `MS_OUTPUT_UNUSABLE`. */
  static async prepare(folder: string): Promise<OutputFolder> {
    const output = new OutputFolder(path.resolve(folder));
    try {
      await makeFolder(output.clips);
      await makeFolder(output.stills);
      await output.#removeEarlier();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new VisualError(
        'MS_OUTPUT_UNUSABLE',
        `The output folder ${output.path} cannot be used: ${reason} Give another with -o.`,
        { cause, details: { path: output.path } },
      );
    }
    return output;
  }

  get clips(): string {
    return path.join(this.path, 'clips');
  }

  get stills(): string {
    return path.join(this.path, 'stills');
  }

  /** A path as `highlights.json` names it: relative, with forward slashes. */
  relative(file: string): string {
    return path.relative(this.path, file).split(path.sep).join('/');
  }

  /** Replaces `highlights.json` in one step, so that it is whole at any moment. */
  async writeHighlights(highlights: Highlights): Promise<void> {
    const file = path.join(this.path, HIGHLIGHTS);
    const temporary = `${file}.${process.pid}.tmp`;
    await writeFile(temporary, `${JSON.stringify(highlights, undefined, 2)}\n`);
    await rename(temporary, file);
  }

  async #removeEarlier(): Promise<void> {
    const file = path.join(this.path, HIGHLIGHTS);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return;
    const { moments } = parseHighlights(text, file);
    for (const listed of moments.flatMap(({ clip, still }) => [clip, still])) {
      if (listed === null) continue;
      const full = path.resolve(this.path, listed);
      // The file may have been edited: never reach outside the two folders.
      const folder = path.dirname(full);
      if (folder === this.clips || folder === this.stills) await rm(full, { force: true });
    }
    await rm(file);
  }
}

/** Reads a `highlights.json`. @throws VisualError `MS_HIGHLIGHTS_INVALID`. */
export async function readHighlights(file: string): Promise<Highlights> {
  return parseHighlights(await readFile(file, 'utf8'), file);
}

function parseHighlights(text: string, file: string): Highlights {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, 'it is not JSON', cause);
  }
  const parsed = highlightsSchema.safeParse(json);
  if (!parsed.success) throw invalid(file, z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}

const invalid = (file: string, reason: string, cause: unknown): VisualError =>
  new VisualError(
    'MS_HIGHLIGHTS_INVALID',
    `${file} is no highlights file of this momentscan: ${reason}. Move it away or choose another folder.`,
    { cause, details: { file } },
  );
