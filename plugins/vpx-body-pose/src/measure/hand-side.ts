import type { HandSide } from 'vpx-sdk';

/** Puts what holds for each hand into one word. */
export function handSide(left: boolean, right: boolean): HandSide {
  if (left && right) return 'both';
  return left ? 'left' : right ? 'right' : 'none';
}
