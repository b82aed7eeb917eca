import { withBinding } from '../av/binding.ts';

/** A camera of this computer. */
export interface CameraInfo {
  /** What the system calls it, such as `/dev/video0`; {@link CameraSource.open} takes it. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly isDefault: boolean;
}

/**
 * The cameras of this computer; none is opened. The first is `camera:0`.
 *
 * @throws VisualError `VB_FFMPEG_MISSING`.
 */
export async function listCameras(): Promise<readonly CameraInfo[]> {
  const { listVideoDevices } = await withBinding(() => import('../av/list-devices.ts'));
  return listVideoDevices();
}
