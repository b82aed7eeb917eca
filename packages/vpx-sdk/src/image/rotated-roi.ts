/** A rectangle that may be turned, in pixels of a picture. */
export interface RotatedRoi {
  /** Centre, px. */
  readonly cx: number;
  readonly cy: number;
  /** Size along its own axes, px, above 0. */
  readonly width: number;
  readonly height: number;
  /** Turn of its x axis from that of the picture, clockwise as seen (y points down), radians. */
  readonly rotationRad: number;
}
