import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { describePlugin, readFrames } from 'vpx-sdk/testing';
import { BodyPoseAnalyzer } from '../src/index.ts';

const MEDIA = fileURLToPath(new URL('../../../../shared/media/', import.meta.url));
const packageJson = new URL('../package.json', import.meta.url);

describePlugin(
  'body.pose on pictures without people',
  { create: () => new BodyPoseAnalyzer(), packageJson },
  { describe, it },
);

describePlugin(
  'body.pose of somebody who signs (../shared/media)',
  {
    create: () => new BodyPoseAnalyzer(),
    packageJson,
    frames: () => readFrames(path.join(MEDIA, 'asl-again.mkv'), { fps: 10, count: 8 }),
    requireAllSignals: true,
  },
  { describe: describe.skipIf(!existsSync(MEDIA)), it },
);
