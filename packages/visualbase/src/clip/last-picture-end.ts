/** What is known of the last picture of a clip. All times are media time in nanoseconds. */
export interface LastPicture {
  readonly tNs: number;
  /** How long pictures of this video last as a rule. */
  readonly frameNs: number;
  /** How long the container says that this one lasts; 0 if it does not say. */
  readonly ownNs: number;
  /** Time of the picture that follows in the source; undefined at its end. */
  readonly nextNs: number | undefined;
}

/** When the last picture of a clip ends: with its own end, or that of the range in a gap. */
export function lastPictureEndNs(last: LastPicture, rangeEndNs: number): number {
  const { tNs, frameNs, ownNs, nextNs } = last;
  const latestNs = Math.max(rangeEndNs, tNs + frameNs);
  if (nextNs !== undefined) return Math.min(nextNs, latestNs);
  return ownNs > 0 ? Math.min(tNs + ownNs, latestNs) : tNs + frameNs;
}
