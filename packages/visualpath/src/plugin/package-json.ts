import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A JSON object of unknown origin. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What became of reading a `package.json`; `fault` is a clause. */
export type PackageText =
  | { readonly status: 'read'; readonly text: string }
  | { readonly status: 'missing' }
  | { readonly status: 'unreadable'; readonly fault: string };

/** What became of parsing one. */
export type ParsedPackage =
  | { readonly status: 'parsed'; readonly json: JsonObject }
  | { readonly status: 'broken'; readonly fault: string };

const MAX_BYTES = 1 << 20;

/** Code of a system error such as `ENOENT`, or the error as text. */
export const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** Tells the errors that mean "nothing is there". */
export const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes(systemCode(error));

/** Reads the `package.json` of a folder; never throws, never waits for a pipe or a device. */
export async function readPackageText(folder: string): Promise<PackageText> {
  const path = join(folder, 'package.json');
  try {
    const { size, isFile } = await stat(path).then((s) => ({ size: s.size, isFile: s.isFile() }));
    if (!isFile) return { status: 'unreadable', fault: 'package.json is not a file' };
    if (size > MAX_BYTES) {
      const fault = `package.json has ${size} bytes, more than the ${MAX_BYTES} that are read`;
      return { status: 'unreadable', fault };
    }
    return { status: 'read', text: await readFile(path, 'utf8') };
  } catch (error) {
    if (isMissing(error)) return { status: 'missing' };
    return { status: 'unreadable', fault: `package.json cannot be read (${systemCode(error)})` };
  }
}

/** Parses the text of a `package.json`; never throws. */
export function parsePackage(text: string): ParsedPackage {
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (isJsonObject(json)) return { status: 'parsed', json };
    return { status: 'broken', fault: 'package.json does not hold an object' };
  } catch {
    return { status: 'broken', fault: 'package.json is not valid JSON' };
  }
}

/** Tells an object from the other JSON values. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A property that the object itself has; what prototypes have does not count. */
export const ownValue = (json: JsonObject, key: string): unknown =>
  Object.hasOwn(json, key) ? json[key] : undefined;
