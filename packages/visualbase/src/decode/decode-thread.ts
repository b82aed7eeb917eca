import { parentPort } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import { toWireError } from '../errors/visual-error.ts';
import type { DecodeJob, DecodeMessage, DecodeStats, DecodeThreadRequest } from './decode-job.ts';
import { RingProducer } from './frame-ring.ts';

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

async function decode(job: DecodeJob): Promise<DecodeMessage> {
  const ring = new RingProducer(job.ring, () => send({ type: 'wake' }));
  if (!ring.begin()) return { type: 'end', stats: NOTHING_READ };
  try {
    const { decodeFile } = await withBinding(() => import('../av/decode-file.ts'));
    const stats = await decodeFile(job, {
      get isStopped() {
        return ring.isStopped;
      },
      claim() {
        const slot = ring.claim();
        return slot === undefined ? undefined : { slot, pixels: ring.pixelsOf(slot) };
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
    return { type: 'error', error: toWireError(error) };
  } finally {
    ring.end();
  }
}

port.on('message', (request: DecodeThreadRequest) => {
  if (request.type === 'quit') port.close();
  else void decode(request.job).then(send);
});
