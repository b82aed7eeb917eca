// A graph with two arms at different rates: light once a second, motion in every frame, brought
// together again by time and summed up over windows of ten seconds.
import {
  FlowGraphBuilder,
  Module,
  analyzer,
  printAscii,
  run,
  type FlowData,
  type Frame,
  type ProcessResult,
} from 'visualpath';

const NS_PER_SEC = 1e9;

const brightness = analyzer('frame.brightness', (frame) => {
  const { data } = frame.gray();
  return { brightness: data.reduce((sum, luma) => sum + luma, 0) / data.length / 255 };
});

/** Remembers the picture before, and so sees frames in order, one at a time. */
class Motion extends Module {
  readonly name = 'frame.motion';
  override readonly stateful = true;
  #before: Uint8Array | undefined;

  process(frame: Frame): ProcessResult {
    const { data } = frame.gray();
    const before = this.#before;
    this.#before = data.slice(); // the frame is only lent
    if (before === undefined) return undefined;
    const change = data.reduce((sum, luma, i) => sum + Math.abs(luma - before[i]!), 0);
    return { signals: { motion: change / data.length / 255 } };
  }

  override reset(): void {
    this.#before = undefined;
  }
}

const graph = new FlowGraphBuilder()
  .source('video')
  .fanOut('split', { paths: ['light', 'change'] })
  .on('light', (arm) =>
    arm
      .timestampSample('each-second', { intervalNs: NS_PER_SEC })
      .module('measure-light', { modules: [brightness] }),
  )
  .on('change', (arm) => arm.module('measure-motion', { modules: [new Motion()] }))
  // Most frames come by one arm only: they are passed on as partial results.
  .join('both', { paths: ['light', 'change'], unmatched: 'emit' })
  .window('ten-seconds', { windowNs: 10 * NS_PER_SEC })
  .build();

printAscii(graph);

function printWindow({ observations, metadata }: FlowData): void {
  const valuesOf = (signal: string): number[] =>
    observations.flatMap(({ signals }) => (signal in signals ? [Number(signals[signal])] : []));
  const light = valuesOf('brightness');
  const change = valuesOf('motion');
  const meanLight = light.reduce((sum, value) => sum + value, 0) / light.length;
  const most = Math.max(...change);
  const { startNs, endNs } = metadata['window'] as { startNs: number; endNs: number };
  const span = `${startNs / NS_PER_SEC} to ${endNs / NS_PER_SEC} s`.padEnd(14);
  console.log(
    span,
    String(light.length).padStart(6),
    meanLight.toFixed(3).padStart(6),
    String(change.length).padStart(7),
    most.toFixed(3).padStart(6),
  );
}

console.log('\nwindow         lights   mean  changes   most');
const [, , video = 'party.mp4'] = process.argv;
await run(video, {
  graph,
  ...{ endSec: 45, fps: 5, maxSide: 160 },
  // A window leaves in the turn of the first frame behind it, the last one at the end of the stream.
  onFrame: (_frame, windows) => windows.forEach(printWindow),
  onFlush: (windows) => windows.forEach(printWindow),
});
