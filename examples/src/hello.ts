// The smallest program: one measurement of your own, once a second, over a whole video.
import { analyzer, run } from 'visualpath';

const brightness = analyzer('frame.brightness', (frame) => {
  const { data } = frame.gray();
  return { brightness: data.reduce((sum, luma) => sum + luma, 0) / data.length / 255 };
});
const [, , video = 'party.mp4'] = process.argv;
const { stats } = await run(video, {
  modules: [brightness],
  fps: 1,
  maxSide: 160,
  onObservation: ({ tNs, signals }) => console.log(`${(tNs / 1e9).toFixed(2)} s`, signals),
});
console.log(`${stats.processedCount} frames at ${stats.fps.toFixed(0)} frames per second`);
