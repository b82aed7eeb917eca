import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { describePlugin, readFrames } from 'vpx-sdk/testing';
import { HandGestureAnalyzer } from '../src/index.ts';

const MEDIA = fileURLToPath(new URL('../../../../shared/media/', import.meta.url));
const packageJson = new URL('../package.json', import.meta.url);

describePlugin(
  'hand.gesture on pictures without hands',
  { create: () => new HandGestureAnalyzer(), packageJson },
  { describe, it },
);

describePlugin(
  'hand.gesture of somebody who signs (../shared/media)',
  {
    create: () => new HandGestureAnalyzer(),
    packageJson,
    frames: () =>
      readFrames(path.join(MEDIA, 'asl-help.mkv'), { startSec: 0.5, fps: 10, count: 8 }),
    requireAllSignals: true,
  },
  { describe: describe.skipIf(!existsSync(MEDIA)), it },
);
