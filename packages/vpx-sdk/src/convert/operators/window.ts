import type { Lowering } from '../lowering.ts';

/** A window that slides over height and width, as convolution and pooling have it. */
export interface Window {
  readonly kernel: readonly [heightPx: number, widthPx: number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** True for SAME padding, false for VALID. */
  readonly isSame: boolean;
}

/** What a window makes of a picture. */
export interface WindowResult {
  readonly height: number;
  readonly width: number;
  /** ONNX order: top, left, bottom, right. */
  readonly pads: readonly number[];
}

const MAX_WINDOW = 4096;

/**
 * Size and padding of a window's result. SAME gives `ceil(size / stride)`; of an odd padding the
 * larger half goes to the end.
 */
export function slideWindow(
  ctx: Pick<Lowering, 'invalid'>,
  window: Window,
  [inHeight, inWidth]: readonly [number, number],
): WindowResult {
  const { kernel, strides, dilations, isSame } = window;
  const isSound = (n: number) => n >= 1 && n <= MAX_WINDOW;
  if (![...kernel, ...strides, ...dilations].every(isSound)) {
    throw ctx.invalid(
      `it has kernel ${kernel.join('x')}, strides ${strides.join(', ')} and dilations ${dilations.join(', ')}`,
    );
  }
  const along = (axis: 0 | 1, size: number) => {
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    if (!isSame) return { count: Math.floor((size - reach) / strides[axis]) + 1, begin: 0, end: 0 };
    const count = Math.ceil(size / strides[axis]);
    const padding = Math.max(0, (count - 1) * strides[axis] + reach - size);
    return { count, begin: padding >> 1, end: padding - (padding >> 1) };
  };
  const vertical = along(0, inHeight);
  const horizontal = along(1, inWidth);
  return {
    height: vertical.count,
    width: horizontal.count,
    pads: [vertical.begin, horizontal.begin, vertical.end, horizontal.end],
  };
}
