import type { RgbImage } from '../frame/image.ts';
import { FrameClock } from '../decode/frame-clock.ts';
import { roomBytesFor } from '../decode/picture-room.ts';
import { PacketReader } from './packet-reader.ts';
import { RgbScaler } from './rgb-scaler.ts';
import { Rotator } from './rotator.ts';
import { ticksOf, VideoDecoder } from './video-decoder.ts';

/**
 * Decodes every picture of a file, upright, in presentation order.
 *
 * @param onPicture - Gets the media time and the picture, whose pixels are reused after the call.
 * @throws VisualError as `openInput`, or `VB_UNSUPPORTED_CODEC`.
 */
export async function decodeAll(
  path: string,
  onPicture: (tNs: number, image: RgbImage) => void,
): Promise<void> {
  const reader = await PacketReader.open(path, 'video');
  const { width, height, fps, rotationDeg } = reader.info.video;
  const { stream } = reader;
  const clock = new FrameClock(stream.timeBase, ticksOf(stream.startTime), fps);
  const rotator = new Rotator(rotationDeg);
  const scaler = new RgbScaler(width, height);
  const room = Buffer.alloc(roomBytesFor(width, height));
  const data = room.subarray(0, width * height * 3);
  const decoder = new VideoDecoder(stream, (picture) => {
    // Before the turn, which takes the picture's properties away.
    const tNs = clock.next(ticksOf(picture.bestEffortTimestamp));
    scaler.convert(rotator.turn(picture), room);
    onPicture(tNs, { format: 'rgb24', width, height, strideBytes: width * 3, data });
  });
  try {
    for (let packet = reader.next(); packet !== undefined; packet = reader.next()) {
      decoder.decode(packet);
    }
    decoder.flush();
  } finally {
    decoder.free();
    rotator.free();
    scaler.free();
    reader.close();
  }
}
