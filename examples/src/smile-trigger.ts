// A trigger on what a plugin sees: the moments of a video at which somebody begins to smile.
import { PluginRegistry, fusion, run, trigger } from 'visualpath';
import { FaceDetectionAnalyzer } from 'vpx-face-detect';

// Named by string; the type of its data comes with the plugin.
const smile = fusion({ sources: ['face.expression'], cooldownSec: 5 }, (deps) => {
  const faces = deps['face.expression'].data?.expressions ?? [];
  const best = Math.max(0, ...faces.map(({ smile = 0 }) => smile));
  return best > 0.8 ? trigger('smile', { score: best, preSec: 1.5, postSec: 2.5 }) : undefined;
});

const [, , video = 'party.mp4'] = process.argv;
const { triggers, stats } = await run(video, {
  // By class, because it needs an option; by name, found among the packages installed here; by value.
  modules: [new FaceDetectionAnalyzer({ mesh: true }), 'face.expression', smile],
  registry: new PluginRegistry({ root: import.meta.dirname }),
  ...{ startSec: 70, endSec: 92, fps: 5, maxSide: 640 },
});

const seconds = (tNs: number): string => `${(tNs / 1e9).toFixed(1)} s`;
for (const { label, score, eventTimeNs, clipStartNs, clipEndNs } of triggers) {
  const clip = `clip ${seconds(clipStartNs)} to ${seconds(clipEndNs)}`;
  console.log(`${label} at ${seconds(eventTimeNs)}, score ${score.toFixed(2)}, ${clip}`);
}
const { callCount, skippedCount } = stats.modules[smile.name]!;
console.log(`looked at ${callCount} frames with a face, ${skippedCount} had none`);
