import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { VisualError } from 'visualbase';
import { invalidModel } from '../errors/model-errors.ts';
import { packageFolder } from './npm-package.ts';

const LOADER_SUFFIX = '_solution_packed_assets_loader.js';
const MAX_LOADER_BYTES = 1024 * 1024;

interface PackedFile {
  readonly filename: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads one file out of the packed assets of a MediaPipe package. The list of what lies where
 * stands in the loader script beside the data; it is read as text and never run.
 *
 * @param asset - Name of the file, without folders.
 * @throws `VPX_MODEL_MISSING` if the package is not installed, `VPX_MODEL_INVALID` if it has no such
 * asset or its list does not fit its data.
 */
export async function readPackedAsset(packageName: string, asset: string): Promise<Uint8Array> {
  const folder = packageFolder(packageName);
  const loaders = (await readdir(folder)).filter((name) => name.endsWith(LOADER_SUFFIX)).sort();
  const seen: string[] = [];
  for (const loader of loaders) {
    const files = listFiles(await readFile(path.join(folder, loader), 'utf8'), packageName);
    seen.push(...files.map(({ filename }) => path.posix.basename(filename)));
    const found = files.find(({ filename }) => path.posix.basename(filename) === asset);
    if (found === undefined) continue;
    const data = await readFile(path.join(folder, loader.replace(/_loader\.js$/, '.data')));
    if (!(found.start >= 0 && found.end > found.start && found.end <= data.length)) {
      throw invalidModel(
        `${packageName} says that ${asset} is bytes ${found.start} to ${found.end} of ${data.length}. Reinstall it: npm install ${packageName}`,
      );
    }
    return data.subarray(found.start, found.end);
  }
  throw new VisualError(
    'VPX_MODEL_INVALID',
    `The package ${packageName} has no packed asset "${asset}"; it has ${seen.length > 0 ? seen.join(', ') : 'none'}. Correct the model.`,
    { details: { package: packageName, asset, found: seen } },
  );
}

function listFiles(loader: string, packageName: string): readonly PackedFile[] {
  const json = loader.length > MAX_LOADER_BYTES ? null : /"files":\s*(\[[^\]]*\])/.exec(loader);
  try {
    const files: unknown = JSON.parse(json?.[1] ?? '');
    if (Array.isArray(files) && files.every(isPackedFile)) return files;
  } catch (cause) {
    throw invalidModel(`The list of packed assets of ${packageName} cannot be read.`, { cause });
  }
  throw invalidModel(`The list of packed assets of ${packageName} is not a list of files.`);
}

function isPackedFile(value: unknown): value is PackedFile {
  if (typeof value !== 'object' || value === null) return false;
  const { filename, start, end } = value as Partial<Record<keyof PackedFile, unknown>>;
  return typeof filename === 'string' && Number.isSafeInteger(start) && Number.isSafeInteger(end);
}
