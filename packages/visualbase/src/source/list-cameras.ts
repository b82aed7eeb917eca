import { withBinding } from '../av/binding.ts';
import type { CameraInfo } from './camera-info.ts';

/**
 * The cameras of this computer; none is opened. The first is `camera:0`.
 *
 * @throws VisualError `VB_FFMPEG_MISSING`.
 */
export async function listCameras(): Promise<readonly CameraInfo[]> {
  const { listVideoDevices } = await withBinding(() => import('../av/list-devices.ts'));
  return listVideoDevices();
}
