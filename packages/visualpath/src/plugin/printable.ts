/**
 * Makes text of unknown origin safe to print: control characters, which could move the cursor or
 * reverse the direction of writing, come out as escapes, and long text is cut.
 *
 * @param maxChars - Default 120.
 */
export function printable(text: string, maxChars = 120): string {
  const cut = text.length > maxChars ? `${text.slice(0, maxChars)}...` : text;
  return cut.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Makes a path safe to print; whole, unless no system would take it. */
export const printablePath = (path: string): string => printable(path, 4096);

/** Puts {@link printable} text in quotes. */
export const quote = (text: string): string => `"${printable(text)}"`;

/** Names what a value is, for "must be ..., is ...". */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** A value in a message: callers without types give anything. */
export function showValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
    case 'boolean':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'undefined':
      return 'nothing';
    case 'object':
      return showObject(value);
    default:
      return typeName(value);
  }
}

function showObject(value: object | null): string {
  try {
    return JSON.stringify(value);
  } catch {
    return typeName(value);
  }
}
