import { FFmpegError } from 'node-av/lib';
import { VisualError } from '../errors/visual-error.ts';

/** Throws `VB_FFMPEG` naming the call when an FFmpeg return code is negative; else gives the code. */
export function check(returnCode: number, call: string, path?: string): number {
  if (returnCode >= 0) return returnCode;
  const reason = FFmpegError.strerror(returnCode);
  const where = path === undefined ? '' : ` on ${path}`;
  throw new VisualError('VB_FFMPEG', `FFmpeg's ${call} failed${where}: ${reason}.`, {
    details: { call, returnCode, reason, ...(path !== undefined && { path }) },
  });
}
