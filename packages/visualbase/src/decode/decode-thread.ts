import { parentPort } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import { toWireError } from '../errors/visual-error.ts';
import { fillWithZeros, mapInherited } from '../libc/memory-file.ts';
import type { DecodeJob, DecodeMessage, DecodeStats, DecodeThreadRequest } from './decode-job.ts';
import { RingProducer, type RingMemory } from './frame-ring.ts';

// Entry of a decode thread: one job at a time, until it is asked to quit. It is never terminated from
// outside, since ending a thread inside a native call takes the whole process down.
const port = parentPort!;
const send = (message: DecodeMessage): void => port.postMessage(message);

/** What is known of a file that was closed before it was opened here. */
const NOTHING_READ: DecodeStats = {
  packetCount: 0,
  decodedCount: 0,
  deliveredCount: 0,
  damage: {
    packetCount: 0,
    pictureCount: 0,
    missingCount: 0,
    missingNs: 0,
    repairedTimeCount: 0,
    readError: undefined,
  },
};

const failed = (error: unknown): DecodeMessage => ({ type: 'error', error: toWireError(error) });

interface Slots {
  readonly memory: RingMemory;
  /** Takes the memory for a slot, if it has none yet. */
  prepare(slot: number): void;
}

async function slotsOf({ ring, pixelsFd }: DecodeJob): Promise<Slots> {
  if (pixelsFd === undefined) return { memory: ring, prepare: () => undefined };
  const { slotCount, slotBytes } = ring;
  const pixels = await mapInherited(pixelsFd, slotCount * slotBytes);
  const prepared = new Set<number>();
  return {
    memory: { ...ring, pixels },
    prepare(slot) {
      if (prepared.has(slot)) return;
      fillWithZeros(pixelsFd, slot * slotBytes, slotBytes);
      prepared.add(slot);
    },
  };
}

async function decode(job: DecodeJob): Promise<DecodeMessage> {
  const slots = await slotsOf(job);
  const ring = new RingProducer(slots.memory, () => send({ type: 'wake' }));
  if (!ring.begin()) return { type: 'end', stats: NOTHING_READ };
  try {
    const { decodeFile } = await withBinding(() => import('../av/decode-file.ts'));
    const stats = await decodeFile(job, {
      get isStopped() {
        // Asked before every packet, whether or not a picture comes of it.
        ring.step();
        return ring.isStopped;
      },
      claim() {
        const slot = ring.claim();
        if (slot === undefined) return undefined;
        slots.prepare(slot);
        return { slot, pixels: ring.pixelsOf(slot) };
      },
      publish(slot, tNs, frameId) {
        ring.publish(slot, tNs, frameId);
      },
      tick() {
        ring.tellLate();
      },
    });
    return { type: 'end', stats };
  } catch (error) {
    return failed(error);
  } finally {
    ring.end();
  }
}

port.on('message', (request: DecodeThreadRequest) => {
  if (request.type === 'quit') port.close();
  else void decode(request.job).catch(failed).then(send);
});
