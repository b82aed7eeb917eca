import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Frame } from 'visualbase';
import { spareMemory } from 'visualbase/testing';
import { run, type AnyModule } from 'visualpath';
import { BodyPoseAnalyzer } from 'vpx-body-pose';
import { FaceDetectionAnalyzer } from 'vpx-face-detect';
import { ExpressionAnalyzer } from 'vpx-face-expression';
import { HandGestureAnalyzer } from 'vpx-hand-gesture';
import type { Bench, BenchRow } from './bench-row.ts';
import { decodeClip, frameOf, type DecodedClip } from './plugins/decoded-clip.ts';
import { FRANCK, sharedVideo } from './plugins/media.ts';

const FRAMES = 20_000;
const CLIP_FRAMES = 40;
const SAMPLES = 200;
const MB = 1024 * 1024;
/** More than what allocators keep to themselves: 0.5 KB a frame. */
const MAX_GROWTH_MB = 10;
const MAX_KEPT_MB = 60;

interface Subject {
  readonly name: string;
  readonly clip: DecodedClip;
  readonly modules: () => readonly AnyModule[];
}

// What waits for garbage collection is no leak.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const giveSpareMemoryBack = await spareMemory();

function rssMb(): number {
  collectGarbage();
  return process.memoryUsage().rss / MB;
}

/** Threads of this process; `undefined` where the system does not tell. */
function threadCount(): number | undefined {
  try {
    return Number(/^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

function* framesFrom(clip: DecodedClip, count: number): Generator<Frame> {
  for (let i = 0; i < count; i++) yield frameOf(clip, i);
}

/** Runs a plugin over many frames, with the memory after each two-hundredth of them. */
async function soak(
  { clip, modules }: Subject,
  frameCount: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const every = Math.max(1, Math.floor(frameCount / SAMPLES));
  const samples: number[] = [];
  let seen = 0;
  await run(framesFrom(clip, frameCount), {
    modules: modules(),
    signal,
    onFrame: () => {
      seen += 1;
      if (seen % every === 0) samples.push(rssMb());
    },
  });
  return samples;
}

async function measure(
  subject: Subject,
  { quick, signal }: { readonly quick: boolean; readonly signal: AbortSignal },
): Promise<readonly BenchRow[]> {
  // Whatever starts once per process has started, and is not counted as kept.
  await soak(subject, 10, signal);
  giveSpareMemoryBack?.();
  const before = { mb: rssMb(), threads: threadCount() };
  const samples = await soak(subject, quick ? 400 : FRAMES, signal);
  const tenth = Math.floor(samples.length / 10);
  const growthMb = median(samples.slice(-tenth)) - median(samples.slice(tenth, 2 * tenth));
  // The allocator keeps free memory of threads that have ended for threads to come.
  const spareMb = rssMb() - before.mb;
  giveSpareMemoryBack?.();
  const keptMb = rssMb() - before.mb;
  const row = (name: string, value: number, unit: string, most?: number): BenchRow => ({
    ...{ bench: 'plugins-soak', case: `${subject.name} ${name}`, value, unit },
    ...(!quick && most !== undefined && { target: `<= ${most}`, ok: value <= most }),
  });
  const rows = [
    row('rss-after-cleanup-with-spare-memory', spareMb, 'MB'),
    row('rss-growth-second-to-last-tenth', growthMb, 'MB', MAX_GROWTH_MB),
    row('rss-kept-after-cleanup', keptMb, 'MB', MAX_KEPT_MB),
  ];
  const threads = threadCount();
  if (threads === undefined || before.threads === undefined) return rows;
  // The thread of an engine ends with its last session.
  return [...rows, row('threads-left-after-cleanup', threads - before.threads, 'count', 0)];
}

async function subjects(): Promise<readonly Subject[]> {
  const face = await decodeClip('franck', FRANCK, CLIP_FRAMES);
  const signing = sharedVideo('asl-again.mkv');
  const body = signing === undefined ? face : await decodeClip('asl-again', signing, CLIP_FRAMES);
  const meshed = (): AnyModule => new FaceDetectionAnalyzer({ range: 'short', mesh: true });
  return [
    {
      name: 'face.detect',
      clip: face,
      modules: () => [new FaceDetectionAnalyzer({ range: 'short' })],
    },
    { name: 'face.detect-mesh', clip: face, modules: () => [meshed()] },
    { name: 'face.expression', clip: face, modules: () => [meshed(), new ExpressionAnalyzer()] },
    {
      name: 'hand.gesture-lite',
      clip: body,
      modules: () => [new HandGestureAnalyzer({ model: 'lite' })],
    },
    { name: 'body.pose-lite', clip: body, modules: () => [new BodyPoseAnalyzer()] },
    {
      name: 'body.pose-movenet',
      clip: body,
      modules: () => [new BodyPoseAnalyzer({ model: 'movenet' })],
    },
  ];
}

/** Every plugin over 20,000 frames: does memory grow, and does clean-up give it back? */
const pluginsSoak: Bench = async (report, { quick, signal }) => {
  for (const subject of await subjects()) {
    for (const row of await measure(subject, { quick, signal })) report(row);
  }
};

export default pluginsSoak;
