/** Sizes of what is drawn, by the size of the picture. All in pixels. */
export interface MarkSizes {
  /** Of lines and the rims of boxes. */
  readonly lineWidthPx: number;
  /** Height of capitals. */
  readonly textHeightPx: number;
}

// A line of 4 px and capitals of 23 px on 1920x1080.
const LINE_PER_SIDE = 1 / 280;
const TEXT_PER_SIDE = 1 / 48;
/** Below this, letters fall together. */
const MIN_TEXT_PX = 10;
const MAX_LINE_PX = 100;
const MAX_TEXT_PX = 500;

/** The sizes with their defaults. @throws RangeError naming the size that is wrong. */
export function completeSizes(
  given: Partial<MarkSizes>,
  { width, height }: { readonly width: number; readonly height: number },
): MarkSizes {
  const side = Math.min(width, height);
  return {
    lineWidthPx: given.lineWidthPx ?? Math.max(1, Math.round(side * LINE_PER_SIDE)),
    textHeightPx: given.textHeightPx ?? Math.max(MIN_TEXT_PX, Math.round(side * TEXT_PER_SIDE)),
  };
}

/** @throws RangeError naming the size that is wrong. */
export function checkSizes({
  lineWidthPx = 1,
  textHeightPx = MIN_TEXT_PX,
}: Partial<MarkSizes>): void {
  const demand = (name: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new RangeError(
      `The \`${name}\` option must be a whole number of pixels from ${least} to ${most}, got ${value}.`,
    );
  };
  demand('lineWidthPx', lineWidthPx, 1, MAX_LINE_PX);
  demand('textHeightPx', textHeightPx, MIN_TEXT_PX, MAX_TEXT_PX);
}
