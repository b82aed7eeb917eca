import type { Frame } from 'visualbase';

/** A frame in words, for messages. */
export const describeFrame = (frame: Pick<Frame, 'frameId' | 'tSrcNs'>): string =>
  `frame ${frame.frameId} (${(frame.tSrcNs / 1e9).toFixed(3)} s)`;
