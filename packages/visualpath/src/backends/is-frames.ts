import type { Frames } from './execution-backend.ts';

/** Tells frames from frames by name of their source. */
export const isFrames = (frames: object): frames is Frames =>
  Symbol.asyncIterator in frames || Symbol.iterator in frames;
