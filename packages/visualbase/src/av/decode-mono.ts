import type { Frame } from 'node-av/lib';
import { nsToTicks, NS_PER_SEC } from '../time/ns.ts';
import { AudioDecoder } from './audio-decoder.ts';
import { PacketReader } from './packet-reader.ts';

const SAMPLE_RATE_HZ = 48_000;

/** Samples of one channel with the time of the first. */
export interface MonoAudio {
  /** From the start of the video stream. */
  readonly startNs: number;
  readonly sampleRateHz: number;
  /** -1..1. */
  readonly samples: Float32Array;
}

/**
 * Decodes the whole soundtrack of a file to one channel of 48 kHz, gaps filled with silence.
 *
 * @throws VisualError as `openInput`; RangeError when there is no audio.
 */
export async function decodeMono(path: string): Promise<MonoAudio> {
  const reader = await PacketReader.open(path, 'audio');
  const chunks: Float32Array[] = [];
  let startNs: number | undefined;
  let decoder: AudioDecoder | undefined;
  try {
    const { num, den } = reader.stream.timeBase;
    decoder = new AudioDecoder(reader.stream, {
      originTicks: nsToTicks(reader.info.video.startNs, num, den),
      filters: [
        ['aresample', `${SAMPLE_RATE_HZ}:async=1`],
        ['aformat', 'sample_fmts=flt:channel_layouts=mono'],
      ],
      onSamples: (frame: Frame) => {
        startNs ??= Math.round((Number(frame.pts) * NS_PER_SEC) / SAMPLE_RATE_HZ);
        const bytes = Uint8Array.from(frame.toBuffer());
        chunks.push(new Float32Array(bytes.buffer, 0, frame.nbSamples));
      },
    });
    for (let packet = reader.next(); packet !== undefined; packet = reader.next()) {
      decoder.decode(packet);
    }
    decoder.decode(null);
  } finally {
    decoder?.free();
    reader.close();
  }
  const samples = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let done = 0;
  for (const chunk of chunks) {
    samples.set(chunk, done);
    done += chunk.length;
  }
  return { startNs: startNs ?? 0, sampleRateHz: SAMPLE_RATE_HZ, samples };
}
