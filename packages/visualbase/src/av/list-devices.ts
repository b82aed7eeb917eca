import { Device } from 'node-av/lib';
import type { CameraInfo } from '../source/camera-info.ts';

/** The video devices that the operating system knows. */
export async function listVideoDevices(): Promise<readonly CameraInfo[]> {
  const devices = await Device.list();
  return devices
    .filter(({ type }) => type === 'video')
    .map(({ name, description, isDefault }) => ({ id: name, name: description, isDefault }));
}
