import { parentPort } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import { toWireError } from '../errors/visual-error.ts';
import type { DecodeJob, DecodeMessage, DecodeThreadRequest } from './decode-job.ts';
import { RingProducer } from './frame-ring.ts';

// Entry of a decode thread: one job at a time, until it is asked to quit. It is never terminated from
// outside, since ending a thread inside a native call takes the whole process down.
const port = parentPort!;
const send = (message: DecodeMessage): void => port.postMessage(message);

async function decode(job: DecodeJob): Promise<void> {
  try {
    const { decodeFile } = await withBinding(() => import('../av/decode-file.ts'));
    const ring = new RingProducer(job.ring);
    const stats = await decodeFile(job, {
      get isStopped() {
        return ring.isStopped;
      },
      claim() {
        const slot = ring.claim();
        return slot === undefined ? undefined : { slot, pixels: ring.pixelsOf(slot) };
      },
      publish(slot, tNs, frameId) {
        if (ring.publish(slot, tNs, frameId)) send({ type: 'wake' });
      },
    });
    send({ type: 'end', stats });
  } catch (error) {
    send({ type: 'error', error: toWireError(error) });
  }
}

port.on('message', (request: DecodeThreadRequest) => {
  if (request.type === 'quit') port.close();
  else void decode(request.job);
});
