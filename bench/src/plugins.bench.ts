import type { Bench, BenchRow } from './bench-row.ts';
import { agreementOf } from './plugins/agreement.ts';
import {
  faceContenders,
  HAND_CONTENDERS,
  LONE_HANDS,
  MOVENET,
  POSE_CONTENDERS,
  type Contender,
} from './plugins/contenders.ts';
import { decodeClip, frameOf, type DecodedClip } from './plugins/decoded-clip.ts';
import { FRANCK, sharedVideo } from './plugins/media.ts';
import { MediaPipe, type ClipResult } from './plugins/mediapipe.ts';

const ROUNDS = 5;
const MAX_FRAMES = 200;
const MIN_AGREEING = 0.95;

interface Match {
  readonly clip: DecodedClip;
  readonly contenders: readonly Contender[];
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Our module over a clip, frame by frame as a graph calls it. */
async function runOurs(
  { make, found, isForgetful = false }: Contender,
  clip: DecodedClip,
  signal: AbortSignal,
): Promise<ClipResult> {
  const module = make();
  const look = async (i: number): Promise<unknown> => {
    if (isForgetful) await module.reset();
    return (await module.process(frameOf(clip, i), {} as never, { signal }))?.data;
  };
  try {
    await module.initialize();
    await look(0);
    await module.reset();
    return await timed(clip, look, found);
  } finally {
    await module.cleanup();
  }
}

async function timed(
  clip: DecodedClip,
  look: (i: number) => Promise<unknown>,
  found: Contender['found'],
): Promise<ClipResult> {
  const cpuBefore = process.cpuUsage();
  const ms: number[] = [];
  const finds: ClipResult['found'][number][] = [];
  for (let i = 0; i < clip.pictures.length; i++) {
    const started = performance.now();
    const data = await look(i);
    ms.push(performance.now() - started);
    finds.push(found(data));
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ms, cpuMs: (user + system) / 1e3 / clip.pictures.length, found: finds };
}

/** The clips, each with those who look at it. */
async function matches(quick: boolean): Promise<readonly Match[]> {
  const maxFrames = quick ? 20 : MAX_FRAMES;
  const list: Match[] = [];
  const franck = await decodeClip('franck', FRANCK, maxFrames);
  list.push({ clip: franck, contenders: [...faceContenders(1), ...POSE_CONTENDERS] });
  const signing = [...faceContenders(1), ...HAND_CONTENDERS, LONE_HANDS, ...POSE_CONTENDERS];
  for (const name of ['asl-again', 'asl-help', 'asl-book']) {
    const file = sharedVideo(`${name}.mkv`);
    if (file === undefined) continue;
    const clip = await decodeClip(name, file, maxFrames);
    list.push({ clip, contenders: name === 'asl-again' ? [...signing, MOVENET] : signing });
  }
  const two = sharedVideo('head-pose-two-people.gif');
  if (two !== undefined) {
    const clip = await decodeClip('two-people', two, maxFrames);
    list.push({ clip, contenders: faceContenders(2) });
  }
  return list;
}

/** Speed and agreement of one module on one clip. */
async function compare(
  contender: Contender,
  clip: DecodedClip,
  mediaPipe: MediaPipe | undefined,
  { rounds, signal }: { readonly rounds: number; readonly signal: AbortSignal },
): Promise<readonly BenchRow[]> {
  const ours: ClipResult[] = [];
  const theirs: ClipResult[] = [];
  // Taking turns, so that what else the machine does hits both.
  for (let round = 0; round < rounds; round++) {
    signal.throwIfAborted();
    ours.push(await runOurs(contender, clip, signal));
    if (mediaPipe === undefined || contender.theirs === undefined) continue;
    theirs.push(await mediaPipe.run(clip, contender.theirs));
  }
  const name = `${contender.name} ${clip.name}`;
  const rows = [
    timeRow(`${name} speed`, ours, theirs, ({ ms }) => meanOf(ms)),
    timeRow(`${name} processor time`, ours, theirs, ({ cpuMs }) => cpuMs),
  ];
  const [firstOurs, firstTheirs] = [ours[0], theirs[0]];
  if (firstOurs === undefined || firstTheirs === undefined) return rows;
  const agreement = agreementRows(name, firstOurs, firstTheirs);
  const disturbed = await mediaPipe!.run(clip, contender.theirs!, true);
  const { agreeing } = agreementOf(disturbed.found, firstTheirs.found);
  return [
    ...rows,
    ...agreement,
    shareRow(`${name} MediaPipe agrees, disturbed, with itself`, agreeing),
  ];
}

function timeRow(
  name: string,
  ours: readonly ClipResult[],
  theirs: readonly ClipResult[],
  msOf: (result: ClipResult) => number,
): BenchRow {
  const value = median(ours.map(msOf));
  const row = { bench: 'plugins', case: name, value, unit: 'ms/frame' };
  if (theirs.length === 0) return row;
  const baseline = median(theirs.map(msOf));
  const ratio = value / baseline;
  return { ...row, baseline, ratio, target: '<= 1 of MediaPipe', ok: ratio <= 1 };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function agreementRows(name: string, ours: ClipResult, theirs: ClipResult): readonly BenchRow[] {
  const { agreeing, sameCount, medianError, p95Error } = agreementOf(ours.found, theirs.found);
  return [
    { ...shareRow(`${name} agree`, agreeing), target: '>= 95', ok: agreeing >= MIN_AGREEING },
    shareRow(`${name} same count`, sameCount),
    shareRow(`${name} error p50`, medianError, '% of size'),
    shareRow(`${name} error p95`, p95Error, '% of size'),
  ];
}

const shareRow = (name: string, share: number, unit = '% of frames'): BenchRow => ({
  ...{ bench: 'plugins', case: name, value: share * 100, unit },
});

/** Our modules and MediaPipe's solutions with the same models on the same pictures. */
const plugins: Bench = async (report, { quick, signal, python }) => {
  await using mediaPipe = await MediaPipe.start(python);
  const rounds = quick ? 1 : ROUNDS;
  for (const { clip, contenders } of await matches(quick)) {
    for (const contender of contenders) {
      const rows = await compare(contender, clip, mediaPipe, { rounds, signal });
      for (const row of rows) report(quick ? withoutTarget(row) : row);
    }
  }
};

/** Too few frames to be judged. */
function withoutTarget({ target: _, ok: __, ...row }: BenchRow): BenchRow {
  return row;
}

export default plugins;
