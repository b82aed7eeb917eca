/** A file to be written. */
export interface PlannedFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Whether it is there already, and becomes this. */
  readonly isChange?: boolean;
}
