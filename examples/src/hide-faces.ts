// A video in which nobody can be recognised: faces are found, made coarse, and written with the sound.
import { VideoWriter, type RgbImage } from 'visualbase';
import { defineModule, run } from 'visualpath';
import { FaceDetectionAnalyzer } from 'vpx-face-detect';

const [, , video = 'party.mp4', output = 'hidden.mp4', endSec = '20'] = process.argv;

interface Square {
  readonly x: number;
  readonly y: number;
  readonly sidePx: number;
}

/** Gives all pixels of a square the mean colour of the square. */
function flatten({ data, width, height, strideBytes }: RgbImage, { x, y, sidePx }: Square): void {
  const [right, bottom] = [Math.min(width, x + sidePx), Math.min(height, y + sidePx)];
  const count = (right - x) * (bottom - y);
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0;
    for (let row = y; row < bottom; row++) {
      for (let at = x; at < right; at++) sum += data[row * strideBytes + at * 3 + channel]!;
    }
    for (let row = y; row < bottom; row++) {
      for (let at = x; at < right; at++) {
        data[row * strideBytes + at * 3 + channel] = sum / count;
      }
    }
  }
}

let writer: VideoWriter | undefined;
const hideFaces = defineModule({
  name: 'faces.hide',
  depends: ['face.detect'] as const,
  stateful: true, // the writer wants its pictures in order
  async process(frame, deps) {
    writer ??= await VideoWriter.open(output, {
      width: frame.width,
      height: frame.height,
      audioFrom: video,
    });
    const copy = frame.clone(); // other modules may look at the frame itself
    for (const { box } of deps['face.detect'].data?.faces ?? []) {
      const sidePx = Math.ceil((box.x2 - box.x1) / 8);
      // From the hair to the chin: the box of the detector ends at the forehead.
      const top = Math.max(0, Math.floor(box.y1 - (box.y2 - box.y1) * 0.3));
      const left = Math.max(0, Math.floor(box.x1));
      for (let y = top; y < Math.min(frame.height, box.y2); y += sidePx) {
        for (let x = left; x < Math.min(frame.width, box.x2); x += sidePx) {
          flatten(copy, { x, y, sidePx });
        }
      }
    }
    await writer.write(copy, frame.tSrcNs);
    return undefined;
  },
});

const faces = new FaceDetectionAnalyzer();
try {
  await run(video, { modules: [faces, hideFaces], endSec: Number(endSec) });
  const written = await writer?.finish();
  if (written !== undefined) console.log(`${written.frameCount} pictures in ${written.path}`);
} finally {
  await writer?.close(); // leaves nothing behind if the run has failed
}
