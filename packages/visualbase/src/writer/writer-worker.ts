import { parentPort } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import type { VideoFileWriter } from '../av/write-video.ts';
import { BUSY, STOP } from '../clip/clip-job.ts';
import { toWireError } from '../errors/visual-error.ts';
import type { WriterAnswer, WriterRequest } from './writer-job.ts';

// Entry of a writer thread: one video. It works through its messages one after the other, and ends when
// it is asked to quit, since ending a thread inside a native call takes the whole process down.
const port = parentPort!;
type Work = Exclude<WriterRequest, { readonly type: 'quit' }>;

let writer: VideoFileWriter | undefined;
let flags = new Int32Array(new SharedArrayBuffer(8));

async function answer(request: Work): Promise<WriterAnswer> {
  if (request.type === 'open') {
    flags = request.job.flags;
    const { VideoFileWriter } = await withBinding(() => import('../av/write-video.ts'));
    writer = await VideoFileWriter.open(request.job);
    return { type: 'opened' };
  }
  if (request.type === 'write') {
    const { pixels, tNs } = request;
    await writer!.write(tNs, Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength));
    return { type: 'written', pixels };
  }
  const facts = await writer!.finish(request.endNs);
  writer = undefined;
  return { type: 'finished', facts };
}

async function handle(request: WriterRequest): Promise<void> {
  if (request.type === 'quit') {
    writer?.free();
    port.close();
    return;
  }
  if (request.type === 'open') flags = request.job.flags;
  Atomics.store(flags, BUSY, 1);
  try {
    // Flag first, look second: whoever of the two threads comes later sees the other.
    if (Atomics.load(flags, STOP) === 1) return;
    const message = await answer(request);
    port.postMessage(message, message.type === 'written' ? [message.pixels.buffer] : []);
  } catch (error) {
    port.postMessage({ type: 'error', error: toWireError(error) } satisfies WriterAnswer);
  } finally {
    Atomics.store(flags, BUSY, 0);
    Atomics.notify(flags, BUSY);
  }
}

let last: Promise<void> = Promise.resolve();
port.on('message', (request: WriterRequest) => {
  last = last.then(() => handle(request));
});
