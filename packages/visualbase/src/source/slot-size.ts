import { VisualError } from '../errors/visual-error.ts';

const RING_BYTES = 48 * 1024 * 1024;
const MIN_SLOTS = 4;
const MAX_SLOTS = 16;
/** 16384 x 16384: beyond any camera, below what would exhaust memory. */
const MAX_PIXELS = 2 ** 28;

/** About 48 MiB worth of pictures, between 4 and 16. */
export const defaultSlotCount = (slotBytes: number): number =>
  Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, Math.floor(RING_BYTES / slotBytes)));

/** Refuses pictures that only damage or malice announces. @throws VisualError `VB_TOO_LARGE`. */
export function requireSaneSize(
  label: string,
  stored: { readonly width: number; readonly height: number },
  frame: { readonly width: number; readonly height: number },
): void {
  const isSane = ({ width, height }: typeof frame): boolean => width * height <= MAX_PIXELS;
  if (isSane(stored) && isSane(frame)) return;
  throw new VisualError(
    'VB_TOO_LARGE',
    `${label} announces pictures of ${stored.width}x${stored.height} (frames of ${frame.width}x${frame.height}); at most ${MAX_PIXELS} pixels are accepted. The source is damaged, or set maxSide.`,
    { details: { path: label, width: frame.width, height: frame.height } },
  );
}
