// The smallest program: one module of your own over a video.
import { defineModule, run } from 'visualpath';

const brightness = defineModule({
  name: 'frame.brightness',
  process: (frame) => {
    const { data } = frame.gray();
    const sum = data.reduce((total, luma) => total + luma, 0);
    return { signals: { brightness: sum / data.length / 255 } };
  },
});

const video = process.argv[2];
if (video === undefined) throw new Error('Usage: node hello.js VIDEO');
const { stats } = await run(video, {
  modules: [brightness],
  fps: 1,
  maxSide: 160,
  onFrame: (frame, [seen]) => {
    const signals = seen?.results.get('frame.brightness')?.signals;
    console.log(`${(frame.tSrcNs / 1e9).toFixed(2)} s`, signals);
  },
});
console.log(`${stats.processedCount} frames at ${stats.fps.toFixed(0)} frames per second`);
