import { lines } from './layout.ts';

/** The interface of what is measured. */
export const LUMA_INTERFACE = lines(
  '/** What is measured in a picture, or in a part of it. */',
  'export interface Luma {',
  '  /** Mean, 0 (black) to 1 (white). */',
  '  readonly mean: number;',
  '  /** Standard deviation, 0 (flat) to 0.5 (half black, half white). */',
  '  readonly deviation: number;',
  '}',
);

/** The lines that measure, of a function whose frame is `frame`; with `box`, in a part of it. */
export const measureBody = (indent: string, hasBox: boolean, histogram: string): string =>
  lines(
    'const { data, width, height, strideBytes } = frame.gray();',
    ...(hasBox
      ? [
          'const left = clamp(Math.floor(box?.x1 ?? 0), width);',
          'const right = clamp(Math.ceil(box?.x2 ?? width), width);',
          'const top = clamp(Math.floor(box?.y1 ?? 0), height);',
          'const bottom = clamp(Math.ceil(box?.y2 ?? height), height);',
          'const count = (right - left) * (bottom - top);',
          'if (!(count > 0)) return undefined;',
        ]
      : ['const count = width * height;']),
    `${histogram}.fill(0);`,
    `for (let y = ${hasBox ? 'top' : '0'}; y < ${hasBox ? 'bottom' : 'height'}; y++) {`,
    `  for (let x = ${hasBox ? 'left' : '0'}; x < ${hasBox ? 'right' : 'width'}; x++) ${histogram}[data[y * strideBytes + x]!]!++;`,
    '}',
    'let sum = 0;',
    'let squares = 0;',
    `for (const [luma, times] of ${histogram}.entries()) {`,
    '  sum += luma * times;',
    '  squares += luma * luma * times;',
    '}',
    'const mean = sum / count;',
    'const variance = Math.max(0, squares / count - mean * mean);',
    'return { mean: mean / 255, deviation: Math.sqrt(variance) / 255 };',
  )
    .split('\n')
    .map((line) => `${indent}${line}`)
    .join('\n');

/** Keeps a side of a box inside the picture. */
export const CLAMP =
  'const clamp = (value: number, max: number): number => Math.max(0, Math.min(max, value));';

/** Parameters of what measures. */
export const measureParameters = (hasBox: boolean): string =>
  hasBox ? 'frame: Frame, box?: PixelBox' : 'frame: Frame';

/** What it gives. */
export const measureResult = (hasBox: boolean): string => (hasBox ? 'Luma | undefined' : 'Luma');
