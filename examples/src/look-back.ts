// Reaching back: a camera, a stream or any other source is watched, and when the picture becomes bright, a clip is cut
// that begins before that and ends after it. Without an argument FFmpeg itself makes the pictures.
import { Trigger, VisualBase } from 'visualbase';

const TEN_SECONDS =
  'lavfi:testsrc2=size=320x180:rate=30:duration=10,eq=brightness=0.4:enable=gte(t\\,5)';
const [, , source = TEN_SECONDS, outputDir = 'clips'] = process.argv;

await using media = new VisualBase({ outputDir });
await media.connect(source, { fps: 5, maxSide: 160, record: { maxSec: 10 } });

const clips: Promise<unknown>[] = [];
let wasBright = false;
for await (const frame of media.stream()) {
  const { data } = frame.gray();
  const isBright = data.reduce((sum, luma) => sum + luma, 0) / data.length > 150;
  if (isBright && !wasBright) {
    const moment = { eventTimeNs: frame.tSrcNs, preSec: 2, postSec: 1, label: 'bright' };
    const clip = media.trigger(Trigger.point(moment)).then(({ path, startNs, endNs }) => {
      console.log(`${(startNs / 1e9).toFixed(2)} to ${(endNs / 1e9).toFixed(2)} s: ${path}`);
    });
    clips.push(clip);
  }
  wasBright = isBright;
}
await Promise.all(clips);
