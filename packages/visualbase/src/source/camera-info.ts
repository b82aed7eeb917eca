/** A camera of this computer. */
export interface CameraInfo {
  /** What the system calls it, such as `/dev/video0`; `CameraSource.open` takes it. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly isDefault: boolean;
}
