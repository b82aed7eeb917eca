import { printable } from '../plugin/printable.ts';

const PLAIN = /^[^\s",\\]+(?: [^\s",\\]+)*$/u;

/**
 * Makes a name fit to show: control characters as escapes, at most 120 characters, and in quotes
 * where it would not be clear where it begins and ends.
 */
export function label(name: unknown): string {
  // Callers without types may have left it out.
  const text = String(name);
  return PLAIN.test(text) ? printable(text) : quoted(text);
}

/** The same, always in quotes. */
export const quoted = (text: string): string => `"${printable(text.replace(/["\\]/g, '\\$&'))}"`;

/** Names one after the other. */
export const labels = (names: readonly string[]): string => names.map(label).join(', ');
