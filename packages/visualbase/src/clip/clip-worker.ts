import { parentPort, workerData } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import { toWireError } from '../errors/visual-error.ts';
import { BUSY, STOP, type ClipJob, type ClipMessage } from './clip-job.ts';

// Entry of the clip thread: one clip, then the thread ends by itself. It is stopped by a flag only,
// since ending a thread inside a native call takes the whole process down.
const send = (message: ClipMessage): void => parentPort?.postMessage(message);

const job = workerData as ClipJob;
Atomics.store(job.flags, BUSY, 1);
try {
  // Flag first, look second: whoever of the two threads comes later sees the other.
  if (Atomics.load(job.flags, STOP) === 1) send({ type: 'stopped' });
  else {
    const { encodeClip } = await withBinding(() => import('../av/encode-clip.ts'));
    const facts = await encodeClip(job);
    send(facts === undefined ? { type: 'stopped' } : { type: 'done', facts });
  }
} catch (error) {
  send({ type: 'error', error: toWireError(error) });
} finally {
  Atomics.store(job.flags, BUSY, 0);
  Atomics.notify(job.flags, BUSY);
}
