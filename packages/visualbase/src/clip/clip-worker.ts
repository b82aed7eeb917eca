import { parentPort } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import { toWireError } from '../errors/visual-error.ts';
import { BUSY, STOP, type ClipFacts, type ClipMessage, type ClipRequest } from './clip-job.ts';
import type { StillPicture } from '../still/still-job.ts';

// Entry of the clip thread: one clip, or set of stills, at a time, until it is asked to quit. A job is
// stopped by a flag only, since ending a thread inside a native call takes the whole process down.
const port = parentPort!;
type Work = Exclude<ClipRequest, { readonly type: 'quit' }>;

async function work(request: Work): Promise<ClipMessage> {
  const { flags } = request.job;
  Atomics.store(flags, BUSY, 1);
  try {
    // Flag first, look second: whoever of the two threads comes later sees the other.
    if (Atomics.load(flags, STOP) === 1) return { type: 'stopped' };
    const facts = await resultOf(request);
    return facts === undefined ? { type: 'stopped' } : { type: 'done', facts };
  } catch (error) {
    return { type: 'error', error: toWireError(error) };
  } finally {
    Atomics.store(flags, BUSY, 0);
    Atomics.notify(flags, BUSY);
  }
}

async function resultOf(request: Work): Promise<ClipFacts | readonly StillPicture[] | undefined> {
  if (request.type === 'stills') {
    const { readStills } = await withBinding(() => import('../av/read-stills.ts'));
    return readStills(request.job);
  }
  const { cutClip } = await withBinding(() => import('../av/cut-clip.ts'));
  return cutClip(request.job);
}

port.on('message', (request: ClipRequest) => {
  if (request.type === 'quit') port.close();
  else void work(request).then(answer);
});

function answer(message: ClipMessage): void {
  const isPictures = message.type === 'done' && 'length' in message.facts;
  const pictures = isPictures ? message.facts : [];
  port.postMessage(
    message,
    pictures.map(({ data }) => data.buffer),
  );
}
