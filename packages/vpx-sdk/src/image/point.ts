/** A point; which space it is in, the owner says. Origin top left, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}
