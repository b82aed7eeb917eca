const MAX_CHARS = 100;

/** What the name of a plugin looks like, for messages. */
export const NAME_RULE = `letters and digits, with single ".", "-" or "_" between them, at most ${MAX_CHARS} characters, such as "face.detect"`;

/** Tells whether a text can be the name of a plugin. */
export const isPluginName = (text: string): boolean =>
  text.length <= MAX_CHARS && /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/.test(text);
