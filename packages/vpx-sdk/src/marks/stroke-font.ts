/** Height of capitals and digits in units of the font. */
export const CAP_HEIGHT = 9;
/** How far below the base line `g` and `y` reach, in units of the font. */
export const DESCENT = 3;
/** Clear distance of the strokes of neighbouring characters, in units of the font. */
export const SPACING = 3;

/** A character as pen strokes. Units of the font, y downwards, 0 at the height of capitals. */
export interface Glyph {
  readonly width: number;
  /** Each a chain of `x, y` pairs. */
  readonly strokes: readonly (readonly number[])[];
}

// Drawn for this project, so that no fonts have to be installed. A stroke is a row of points, a point
// two digits to base 16: x, then y. Capitals go from y 0 to 9, small letters from 3.
const STROKES: Readonly<Record<string, string>> = {
  '!': '1016 1819',
  '"': '1013 3033',
  '#': '2019 5049 0363 0666',
  $: '614020010324456668492908 3039',
  '%': '6009 0020220200 4767694947',
  '&': '691311203041420608193965',
  "'": '1013',
  '(': '20030629',
  ')': '00232609',
  '*': '3137 0266 0662',
  '+': '3238 0565',
  ',': '18190b',
  '-': '0545',
  '.': '0809',
  '/': '5009',
  '0': '203052573929070220',
  '1': '123039 1959',
  '2': '02203052530959',
  '3': '01203051533424 345657392908',
  '4': '49400656',
  '5': '50000413335557392908',
  '6': '513020020729395756342406',
  '7': '005029',
  '8': '24030120305153342406072939575634',
  '9': '533525030220305257392908',
  ':': '0405 0809',
  ';': '1415 18190b',
  '<': '520558',
  '=': '0454 0757',
  '>': '025508',
  '?': '01203051533436 3839',
  '@': '69290702204062664643232646',
  A: '093069 1656',
  B: '0009 004051534404 4466674909',
  C: '6240200207294967',
  D: '00094967624000',
  E: '50000959 0444',
  F: '500009 0444',
  G: '62402002072949676535',
  H: '0009 6069 0464',
  I: '0020 1019 0929',
  J: '4047391907',
  K: '0009 6006 2469',
  L: '000959',
  M: '0900356069',
  N: '09006960',
  O: '204062674929070220',
  P: '09004051544505',
  Q: '204062674929070220 4669',
  R: '09004051544505 3559',
  S: '614020010324456668492908',
  T: '0060 3039',
  U: '000729496760',
  V: '003960',
  W: '0029436980',
  X: '0069 6009',
  Y: '003460 3439',
  Z: '00600969',
  '[': '20000929',
  '\\': '0059',
  ']': '00202909',
  '^': '033063',
  _: '0a5a',
  '`': '0022',
  a: '13435459 56160708194958',
  b: '0009 0523335557392907',
  c: '5433230507293958',
  d: '5059 5533230507293957',
  e: '06565533230507293958',
  f: '40302129 0343',
  g: '5533230507293957 535a3c1c0b',
  h: '0009 0523335559',
  i: '031319 0929 1011',
  j: '232a1c0c 2021',
  k: '0009 5307 2659',
  l: '00081929',
  m: '0309 0523334449 4563738489',
  n: '0309 0523335559',
  o: '233355573929070523',
  p: '030c 0523335557392907',
  q: '535c 5533230507293957',
  r: '0309 05233344',
  s: '544313040516465758491908',
  t: '21283949 0343',
  u: '0307293957 5359',
  v: '033963',
  w: '0329446983',
  x: '0359 5309',
  y: '0339 632c0c',
  z: '03530959',
  '{': '302011130415182939',
  '|': '101b',
  '}': '001021233425281909',
  '~': '051424465665',
  '°': '102031322313020110',
};

/** Instead of a character that the font lacks: a crossed box. */
const FALLBACK = '0060690900 0069';
const SPACE_WIDTH = 2;

const glyphOf = (strokes: string): Glyph => {
  const chains = strokes
    .split(' ')
    .map((stroke) => Array.from(stroke, (digit) => parseInt(digit, 16)));
  const xs = chains.flatMap((chain) => chain.filter((_, i) => i % 2 === 0));
  return { width: Math.max(...xs), strokes: chains };
};

const FALLBACK_GLYPH = glyphOf(FALLBACK);
const GLYPHS: ReadonlyMap<string, Glyph> = new Map([
  [' ', { width: SPACE_WIDTH, strokes: [] }],
  ...Object.entries(STROKES).map(([character, strokes]): [string, Glyph] => [
    character,
    glyphOf(strokes),
  ]),
]);

/** The strokes of a character; a crossed box if the font has none. */
export const strokesOf = (character: string): Glyph => GLYPHS.get(character) ?? FALLBACK_GLYPH;

/** More than fits into any picture. */
const MAX_CHARACTERS = 500;

/**
 * Text as the font can write it: accents are left out (`é` becomes `e`), dashes and signs that ASCII
 * has a like of are replaced, controls and line ends become spaces. What remains unknown is written as
 * a box.
 */
export function writable(text: string): string {
  return text
    .slice(0, MAX_CHARACTERS)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(/[‐-―−]/gu, '-')
    .replace(/[‘’]/gu, "'")
    .replace(/[“”]/gu, '"')
    .replaceAll('×', 'x')
    .replaceAll('→', '->')
    .trim();
}
