/** Share of a new value in an exponential mean, `dtSec` after the value before; 1 without smoothing. */
export const timeShare = (dtSec: number, constantSec: number): number =>
  constantSec === 0 ? 1 : 1 - Math.exp(-dtSec / constantSec);
