import { readFile } from 'node:fs/promises';

/** A JSON object of unknown origin. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a JSON object, with comments as tsconfig files have them; undefined if there is none. */
export async function readJson(path: string): Promise<JsonObject | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return parse(text) ?? parse(withoutComments(text));
}

function parse(text: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

const withoutComments = (text: string): string =>
  text
    .replace(
      /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
      (_all, quoted?: string) => quoted ?? '',
    )
    .replace(/,(\s*[}\]])/g, '$1');
