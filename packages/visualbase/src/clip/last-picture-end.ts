/** What is known of the last picture of a clip. All times are media time in nanoseconds. */
export interface LastPicture {
  readonly tNs: number;
  /** How long pictures of this video last as a rule. */
  readonly frameNs: number;
  /**
   * How long its packet says that it lasts; 0 if it does not say. With uneven times and B pictures
   * MP4 tells the time to the next packet instead.
   */
  readonly ownNs: number;
  /** When the stream ends, by its header; 0 if it does not say. */
  readonly streamEndNs: number;
  /** Time of the picture that follows in the source; undefined at its end. */
  readonly nextNs: number | undefined;
}

/** When the last picture of a clip ends: with its own end, or that of the range in a gap. */
export function lastPictureEndNs(last: LastPicture, rangeEndNs: number): number {
  const { tNs, frameNs, ownNs, streamEndNs, nextNs } = last;
  const latestNs = Math.max(rangeEndNs, tNs + frameNs);
  if (nextNs !== undefined) return Math.min(nextNs, latestNs);
  if (ownNs <= 0) return tNs + frameNs;
  const endNs = streamEndNs > tNs ? Math.min(tNs + ownNs, streamEndNs) : tNs + ownNs;
  return Math.min(endNs, latestNs);
}
