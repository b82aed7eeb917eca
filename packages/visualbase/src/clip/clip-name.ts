// Names that Windows gives to devices, whatever the ending.
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
// Path separators, characters that Windows refuses, control characters, invisible direction marks,
// halves of characters.
const FORBIDDEN =
  /[/\\:*?"<>|\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\p{Cs}]/gu;
const DEFAULT_MAX_LENGTH = 80;
const FALLBACK = 'clip';

/** Options of {@link safeFileName}. */
export interface SafeFileNameOptions {
  /** Bytes in UTF-8, 8 to 200, without the ending that the caller adds. Default 80. */
  readonly maxLength?: number;
}

/**
 * Turns any text into one file name that every common file system takes: no separators, no control
 * characters, no leading dot, no name reserved by Windows. Letters of all scripts stay.
 *
 * @returns Never empty; `clip` when nothing usable is left.
 * @throws RangeError when `maxLength` is out of range.
 */
export function safeFileName(label: string, options: SafeFileNameOptions = {}): string {
  const { maxLength = DEFAULT_MAX_LENGTH } = options;
  if (!Number.isInteger(maxLength) || maxLength < 8 || maxLength > 200) {
    throw new RangeError(`maxLength must be a whole number from 8 to 200, got ${maxLength}.`);
  }
  const cleaned = label
    .normalize('NFC')
    .replace(FORBIDDEN, '-')
    .replace(/\s+/gu, ' ')
    .replace(/^[. -]+/u, '');
  // Windows drops dots and spaces at the end.
  const name = cutToBytes(cleaned, maxLength).replace(/[. -]+$/u, '');
  if (name === '') return FALLBACK;
  return RESERVED.test(name) ? cutToBytes(`_${name}`, maxLength) : name;
}

/** Cuts between characters, so that no half of one is left. */
function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}
