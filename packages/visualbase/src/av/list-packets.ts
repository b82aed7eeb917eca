import { Packet, type Stream } from 'node-av/lib';
import { NS_PER_SEC, ticksToNs } from '../time/ns.ts';
import { closeInput, openInput } from './open-input.ts';
import { packetTimeNs } from './packet-reader.ts';

/** One packet of a file, as stored. */
export interface PacketInfo {
  readonly stream: 'video' | 'audio';
  /** Times on the container's clock. */
  readonly tNs: number;
  readonly dtsNs: number;
  /** 0 if the container does not say. */
  readonly durationNs: number;
  readonly isKeyFrame: boolean;
  readonly sizeBytes: number;
}

/** Lists the packets of the video and audio stream, in the order in which they are stored. */
export async function listPackets(path: string): Promise<readonly PacketInfo[]> {
  const input = await openInput(path);
  const packet = new Packet();
  packet.alloc();
  const found: PacketInfo[] = [];
  try {
    while (input.context.readFrameSync(packet) >= 0) {
      const isVideo = packet.streamIndex === input.video.index;
      const stream = isVideo ? input.video : input.audio;
      if (stream?.index === packet.streamIndex) found.push(describe(packet, stream, isVideo));
      packet.unref();
    }
  } finally {
    packet.free();
    closeInput(input);
  }
  return found;
}

function describe(packet: Packet, stream: Stream, isVideo: boolean): PacketInfo {
  const { num, den } = stream.timeBase;
  return {
    stream: isVideo ? 'video' : 'audio',
    tNs: packetTimeNs(packet, stream) ?? Number.NaN,
    dtsNs: Math.round((Number(packet.dts) * num * NS_PER_SEC) / den),
    durationNs: ticksToNs(packet.duration, num, den),
    isKeyFrame: packet.isKeyframe,
    sizeBytes: packet.size,
  };
}
