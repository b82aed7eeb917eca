import type { Packet, Stream } from 'node-av/lib';
import { firstSliceType, nalLengthBytes } from './nal-units.ts';

/** Codecs that say in a packet what their key frames are worth, or whose key frames are always enough. */
const CODECS: Readonly<Record<string, ((data: Buffer, lengthBytes: number) => boolean) | true>> = {
  // An IDR picture. Others that containers mark as key frames may be referred across.
  h264: (data, lengthBytes) => firstSliceType('h264', data, lengthBytes) === 5,
  // IDR or BLA. A CRA picture counts on from the pictures before it.
  hevc: (data, lengthBytes) => {
    const type = firstSliceType('hevc', data, lengthBytes) ?? 0;
    return type >= 16 && type <= 20;
  },
  vp9: isVp9Key,
  av1: isAv1Key,
  mpeg4: true,
  mpeg2video: true,
  mpeg1video: true,
  mjpeg: true,
  ffv1: true,
  prores: true,
  dnxhd: true,
};

/**
 * Makes a test for packets before which everything can be left out, if no picture stored after it is
 * shown before it.
 *
 * @returns Undefined for codecs of which nothing is known.
 */
export function entryPointTest(
  stream: Stream,
  codec: string,
): ((packet: Packet) => boolean) | undefined {
  const test = Object.hasOwn(CODECS, codec) ? CODECS[codec] : undefined;
  if (test === undefined) return undefined;
  const lengthBytes = nalLengthBytes(codec, stream.codecpar.extradata);
  return (packet) => {
    if (!packet.isKeyframe) return false;
    if (test === true) return true;
    const data = packet.data;
    return data !== null && test(data, lengthBytes);
  };
}

/** Two bits of marker, two of the profile, then whether an older picture is shown, and the frame type. */
function isVp9Key(data: Buffer): boolean {
  const head = data[0] ?? 0;
  const isProfile3 = (head & 0x30) === 0x30;
  return head >> 6 === 2 && !isProfile3 && (head & 0x0c) === 0;
}

const AV1_FRAME_HEADER = 3;
const AV1_FRAME = 6;

/** Looks for the first frame: it must be a key frame that is shown, which refreshes all references. */
function isAv1Key(data: Buffer): boolean {
  let at = 0;
  while (at < data.length) {
    const head = data[at]!;
    const type = (head >> 3) & 15;
    const hasSize = (head & 2) !== 0;
    at += (head & 4) === 0 ? 1 : 2;
    let size = 0;
    for (let shift = 0; hasSize && shift < 35; shift += 7) {
      const byte = data[at++] ?? 0;
      size += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    // show_existing_frame, two bits of frame_type, show_frame.
    if (type === AV1_FRAME || type === AV1_FRAME_HEADER) return (data[at] ?? 0) >> 4 === 1;
    if (!hasSize) return false;
    at += size;
  }
  return false;
}
