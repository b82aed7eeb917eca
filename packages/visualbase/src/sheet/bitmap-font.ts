/** Pixels in memory that can be drawn on: RGB, rows without padding. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Width and height of a character in dots. */
const DOTS_WIDE = 5;
const DOTS_HIGH = 7;
const GAP = 1;

// What times need, drawn by hand, so that no fonts have to be installed. A row of dots a number, the
// leftmost dot the highest bit.
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
  '1': [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
  '2': [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
  '3': [0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110],
  '4': [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
  '5': [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
  '6': [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
  '7': [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
  '8': [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
  '9': [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
  ':': [0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000],
  '.': [0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b01100, 0b01100],
};

/** Where {@link drawText} writes, and how large. */
export interface TextPlace {
  /** Left and upper edge of the box around the text, in pixels. */
  readonly xPx: number;
  readonly yPx: number;
  /** Pixels of one dot. */
  readonly dotPx: number;
}

/** Size of the box that {@link drawText} fills. */
export function textSize(text: string, dotPx: number): { widthPx: number; heightPx: number } {
  const dots = text.length * (DOTS_WIDE + GAP) + GAP;
  return { widthPx: dots * dotPx, heightPx: (DOTS_HIGH + 2 * GAP) * dotPx };
}

/**
 * Writes white text on a black box, cut off at the borders of the canvas.
 *
 * @param text - Digits, colons and points; anything else leaves a gap.
 */
export function drawText(canvas: Canvas, text: string, { xPx, yPx, dotPx }: TextPlace): void {
  const { widthPx, heightPx } = textSize(text, dotPx);
  fill(canvas, { xPx, yPx, widthPx, heightPx }, 0);
  for (let i = 0; i < text.length; i++) {
    const left = xPx + (GAP + i * (DOTS_WIDE + GAP)) * dotPx;
    GLYPHS[text[i]!]?.forEach((dots, row) => {
      for (let column = 0; column < DOTS_WIDE; column++) {
        if (((dots >> (DOTS_WIDE - 1 - column)) & 1) === 0) continue;
        const place = { xPx: left + column * dotPx, yPx: yPx + (GAP + row) * dotPx };
        fill(canvas, { ...place, widthPx: dotPx, heightPx: dotPx }, 255);
      }
    });
  }
}

interface Box {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

function fill({ width, height, data }: Canvas, box: Box, level: number): void {
  const left = Math.max(0, box.xPx);
  const right = Math.min(width, box.xPx + box.widthPx);
  const bottom = Math.min(height, box.yPx + box.heightPx);
  for (let y = Math.max(0, box.yPx); y < bottom; y++) {
    if (right > left) data.fill(level, (y * width + left) * 3, (y * width + right) * 3);
  }
}
