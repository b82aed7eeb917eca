import { parentPort } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import { toWireError } from '../errors/visual-error.ts';
import { BUSY, STOP, type ClipJob, type ClipMessage, type ClipRequest } from './clip-job.ts';

// Entry of the clip thread: one clip at a time, until it is asked to quit. A clip is stopped by a flag
// only, since ending a thread inside a native call takes the whole process down.
const port = parentPort!;

async function cut(job: ClipJob): Promise<ClipMessage> {
  Atomics.store(job.flags, BUSY, 1);
  try {
    // Flag first, look second: whoever of the two threads comes later sees the other.
    if (Atomics.load(job.flags, STOP) === 1) return { type: 'stopped' };
    const { cutClip } = await withBinding(() => import('../av/cut-clip.ts'));
    const facts = await cutClip(job);
    return facts === undefined ? { type: 'stopped' } : { type: 'done', facts };
  } catch (error) {
    return { type: 'error', error: toWireError(error) };
  } finally {
    Atomics.store(job.flags, BUSY, 0);
    Atomics.notify(job.flags, BUSY);
  }
}

port.on('message', (request: ClipRequest) => {
  if (request.type === 'quit') port.close();
  else void cut(request.job).then((message) => port.postMessage(message));
});
