/** A colour as red, green and blue, each 0..255. */
export type Rgb = readonly [r: number, g: number, b: number];

/**
 * Colours that are told apart on pictures of people: bright, saturated, neighbours in the list far
 * apart in hue.
 */
const PALETTE: readonly Rgb[] = [
  [255, 176, 32],
  [56, 189, 248],
  [244, 98, 132],
  [132, 224, 78],
  [192, 132, 252],
  [250, 232, 70],
  [45, 212, 191],
  [255, 127, 80],
  [110, 140, 255],
  [240, 171, 252],
];

/**
 * The colour of whom a mark belongs to: always the same for the same domain and id.
 *
 * @param domain - Of the module, such as `face` of `face.detect`.
 * @param id - Track id, 0 for what has none.
 */
export function colorOf(domain: string, id: number): Rgb {
  const start = hashOf(domain) % PALETTE.length;
  return PALETTE[(start + (id % PALETTE.length)) % PALETTE.length]!;
}

/** FNV-1a, its start chosen so that faces, hands and bodies begin far apart in the palette. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 + SEED_SHIFT;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}

const SEED_SHIFT = 36;

/** Reads `#rrggbb`; undefined for anything else. */
export function parseColor(text: string): Rgb | undefined {
  const match = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text);
  if (match === null) return undefined;
  const [, r, g, b] = match;
  return [parseInt(r!, 16), parseInt(g!, 16), parseInt(b!, 16)];
}

/** Of halos and shades, and of text on light plates. */
export const BLACK: Rgb = [0, 0, 0];
/** Of text on dark plates. */
export const WHITE: Rgb = [255, 255, 255];

/** Black or white, whichever is better to read on a colour. */
export const inkOn = (plate: Rgb): Rgb =>
  contrastOf(plate, BLACK) >= contrastOf(plate, WHITE) ? BLACK : WHITE;

/**
 * Contrast of two colours, 1 (none) to 21 (black on white).
 *
 * @see WCAG 2.2, "contrast ratio" and "relative luminance".
 */
export function contrastOf(a: Rgb, b: Rgb): number {
  const [la, lb] = [luminanceOf(a), luminanceOf(b)];
  return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05);
}

function luminanceOf([r, g, b]: Rgb): number {
  const linear = (level: number): number => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}
