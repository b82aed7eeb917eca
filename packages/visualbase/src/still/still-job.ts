/** Pictures that the clip thread is to read out of a file. Plain data. */
export interface StillJob {
  readonly sourcePath: string;
  /** Media times, increasing. */
  readonly timesNs: readonly number[];
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly maxSide: number | undefined;
  /** As in `ClipJob`. */
  readonly flags: Int32Array<SharedArrayBuffer>;
}

/** A picture that was read: RGB, rows without padding. */
export interface StillPicture {
  readonly tSrcNs: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}
