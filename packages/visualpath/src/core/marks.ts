import type { NormBox, PixelBox } from 'visualbase';

/** A point of a picture, in pixels or in fractions of its size; origin top left. */
export interface MarkPoint {
  readonly space: 'px' | 'norm';
  readonly x: number;
  readonly y: number;
}

interface MarkStyle {
  /** CSS hex colour, `#rrggbb`. Default: chosen by the renderer. */
  readonly color?: string;
  readonly label?: string;
}

/**
 * Something to draw over a frame, as plain data: modules say what is there, a renderer decides how it
 * looks.
 */
export type Mark =
  | (MarkStyle & { readonly kind: 'box'; readonly box: PixelBox | NormBox })
  | (MarkStyle & { readonly kind: 'keypoints'; readonly points: readonly MarkPoint[] })
  | (MarkStyle & {
      readonly kind: 'skeleton';
      readonly points: readonly MarkPoint[];
      /** Pairs of indices of points to connect. */
      readonly bones: readonly (readonly [from: number, to: number])[];
    })
  /** A gauge; `value` is 0..1. Several at one place go below each other. */
  | (MarkStyle & { readonly kind: 'bar'; readonly at: MarkPoint; readonly value: number })
  /** A text fixed to a point. */
  | (MarkStyle & { readonly kind: 'label'; readonly at: MarkPoint; readonly text: string })
  /** A line of text for the whole frame. */
  | (MarkStyle & { readonly kind: 'text'; readonly text: string });
