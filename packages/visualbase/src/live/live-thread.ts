import { parentPort } from 'node:worker_threads';
import { withBinding } from '../av/binding.ts';
import type { LiveRun } from '../av/live-run.ts';
import type { PushRecording } from '../av/push-recording.ts';
import { toWireError, VisualError } from '../errors/visual-error.ts';
import {
  EMPTY_STATS,
  type LiveJob,
  type LiveMessage,
  type LiveRequest,
  type PushJob,
} from './live-job.ts';
import { LiveRingWriter } from './live-ring.ts';

// Entry of the thread of one live source, or of the recording of one pushed source. It ends by itself when it is told to, never terminated from
// outside, since ending a thread inside a native call takes the whole process down.
const port = parentPort!;
const send = (message: LiveMessage): void => port.postMessage(message);

let run: LiveRun | undefined;
let pushed: PushRecording | undefined;
let work: Promise<void> = Promise.resolve();
/** Settles when there is something to cut from. */
let ready: Promise<void> = Promise.resolve();
let busy: Int32Array | undefined;
let isStopped = false;
let giveRoom = (): void => undefined;
const room = async (): Promise<void> => new Promise((resolve) => (giveRoom = resolve));

async function open(job: LiveJob): Promise<void> {
  busy = new Int32Array(job.busy);
  try {
    const { LiveRun: Run } = await withBinding(() => import('../av/live-run.ts'));
    run = new Run(job, { send, room });
    if (isStopped) run.stop();
    send({ type: 'opened', ...(await run.open()) });
  } catch (error) {
    send({ type: 'error', error: toWireError(error), stats: EMPTY_STATS });
  }
}

async function start(request: LiveRequest & { type: 'start' }): Promise<void> {
  try {
    await run!.run(new LiveRingWriter(request.ring), request);
    send({ type: 'end', stats: run!.stats() });
  } catch (error) {
    send({ type: 'error', error: toWireError(error), stats: run!.stats() });
  }
}

async function openPush(job: PushJob): Promise<void> {
  busy = new Int32Array(job.busy);
  const { PushRecording: Recording } = await withBinding(() => import('../av/push-recording.ts'));
  pushed = new Recording(job, send);
}

function keep({ tNs, data }: LiveRequest & { type: 'picture' }): void {
  try {
    pushed!.add(tNs, data);
    send({ type: 'taken', recorded: pushed!.range });
  } catch (error) {
    send({ type: 'error', error: toWireError(error), stats: EMPTY_STATS });
  }
}

/** Says that no native code runs any more. */
function leave(): void {
  run?.close();
  pushed?.close();
  if (busy !== undefined) {
    Atomics.store(busy, 0, 0);
    Atomics.notify(busy, 0);
  }
  port.close();
}

const cuts = () => run?.cuts ?? pushed?.cuts;

function cut(request: LiveRequest & { type: 'cut' }): void {
  const queue = cuts();
  if (queue !== undefined) queue.add(request);
  else {
    const error = new VisualError('VB_CLOSED', 'There is no recording to cut from.');
    send({ type: 'cutFailed', id: request.id, error: toWireError(error) });
  }
}

port.on('message', (request: LiveRequest) => {
  switch (request.type) {
    case 'open':
      work = open(request.job);
      break;
    case 'start':
      work = start(request);
      break;
    case 'openPush':
      work = openPush(request.job).catch((error: unknown) => {
        send({ type: 'error', error: toWireError(error), stats: EMPTY_STATS });
      });
      ready = work;
      break;
    case 'picture':
      void ready.then(() => keep(request));
      break;
    case 'endPush':
      void ready.then(() => pushed?.cuts.finish());
      break;
    case 'cut':
      void ready.then(() => cut(request));
      break;
    case 'forget':
      void ready.then(() => cuts()?.forget(request.id));
      break;
    case 'room':
      giveRoom();
      break;
    case 'stop':
      isStopped = true;
      run?.stop();
      giveRoom();
      void work.then(leave);
      break;
  }
});
