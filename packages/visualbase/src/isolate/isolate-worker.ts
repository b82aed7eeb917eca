import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { prepareThread, startDecoding } from '../decode/decode-threads.ts';
import type { FrameJob } from '../decode/decode-job.ts';
import { allocateRing, RingConsumer } from '../decode/frame-ring.ts';
import { toWireError, VisualError } from '../errors/visual-error.ts';
import { dieWithParent } from '../libc/die-with-parent.ts';
import { probe } from '../probe/probe.ts';
import {
  MEMORY_FD,
  PIPE_FD,
  type IsolateMessage,
  type IsolateRequest,
} from './isolate-messages.ts';
import { encodeMessage, MessageReader } from './wire.ts';

// Entry of a decoder process: looks into one file, then decodes it in a thread, whose frames it passes
// on. This thread stays free to hear that the parent is gone.
const ALIVE_INTERVAL_MS = 250;
const MAX_REQUEST_BYTES = 1024 * 1024;

const pipe = new Socket({ fd: PIPE_FD, readable: true, writable: true });
const send = (message: IsolateMessage): void => void pipe.write(encodeMessage(message));
// Whatever the threads are in the middle of, nobody waits for it any more.
const end = (): void => void process.kill(process.pid, 'SIGKILL');

let ring: RingConsumer | undefined;

function decode(job: FrameJob, isShared: boolean): void {
  const { slotCount, slotBytes } = job;
  const memory = allocateRing(slotCount, isShared ? 0 : slotBytes);
  const consumer = new RingConsumer(memory);
  ring = consumer;
  const pass = (): void => {
    consumer.requestWake();
    for (let filled = consumer.take(); filled !== undefined; filled = consumer.take()) {
      const pixels = isShared ? undefined : consumer.pixelsOf(filled.slot, slotBytes);
      send({ type: 'frame', ...filled, pixels });
    }
  };
  let stepCount = 0;
  const watch = setInterval(() => {
    if (consumer.stepCount === stepCount) return;
    stepCount = consumer.stepCount;
    send({ type: 'alive' });
  }, ALIVE_INTERVAL_MS);
  consumer.requestWake();
  startDecoding(
    { ...job, ring: { ...memory, slotBytes }, ...(isShared ? { pixelsFd: MEMORY_FD } : {}) },
    {
      onMessage(message) {
        pass();
        if (message.type === 'wake') return;
        clearInterval(watch);
        send(message);
      },
      onDeath(cause) {
        const message = `The decode thread for ${job.path} ended: ${String(cause)}.`;
        send({ type: 'error', error: toWireError(new VisualError('VB_THREAD_DIED', message)) });
      },
    },
  );
}

async function onRequest(request: IsolateRequest): Promise<void> {
  if (request.type === 'probe') {
    if (request.isToBeDecoded) prepareThread();
    send({ type: 'info', info: await probe(request.path) });
  } else if (request.type === 'decode') decode(request.job, request.isShared);
  else if (request.type === 'release') ring?.release(request.slot);
  else ring?.stop();
}

function onData(reader: MessageReader<IsolateRequest>, chunk: Buffer): void {
  for (const request of reader.take(chunk)) {
    onRequest(request).catch((error: unknown) => {
      send({ type: 'error', error: toWireError(error) });
    });
  }
}

/** Where memory runs out, this process is the first to go, not the program. */
function volunteerForTheOomKiller(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // There is no such thing here.
  }
}

pipe.on('close', end).on('error', end);
volunteerForTheOomKiller();
await dieWithParent();
const reader = new MessageReader<IsolateRequest>(MAX_REQUEST_BYTES);
pipe.on('data', (chunk) => onData(reader, chunk));
