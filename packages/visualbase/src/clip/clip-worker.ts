import { parentPort, workerData } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import { toWireError } from '../errors/visual-error.ts';
import type { ClipJob, ClipMessage } from './clip-job.ts';

// Entry of the clip thread: one clip, then the thread ends by itself. It is stopped by a flag only,
// since ending a thread inside a native call takes the whole process down.
const send = (message: ClipMessage): void => parentPort?.postMessage(message);

try {
  const { encodeClip } = await withBinding(() => import('../av/encode-clip.ts'));
  const facts = await encodeClip(workerData as ClipJob);
  send(facts === undefined ? { type: 'stopped' } : { type: 'done', facts });
} catch (error) {
  send({ type: 'error', error: toWireError(error) });
}
