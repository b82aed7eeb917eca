import { RuleTester } from 'eslint';
import { describe, it } from 'vitest';
import { noMixedTimeUnits } from '../../scripts/lint/no-mixed-time-units.mjs';

RuleTester.describe = describe;
RuleTester.it = it;

const mixed = [{ messageId: 'mixed' }];

new RuleTester().run('no-mixed-time-units', noMixedTimeUnits, {
  valid: [
    'const endNs = startNs + windowNs;',
    'const tNs = timeoutMs * NS_PER_MS;',
    'const endNs = startNs + secToNs(preSec);',
    'const startSec = nsToSec(clip.startNs);',
    'if (frame.tNs - start.tNs > options.windowNs) drop();',
    'const isLate = params - terms > items;',
    'const ratio = waitMs / windowNs;',
    'f({ startNs, preSec, timeoutMs: options.timeoutMs });',
    'Math.max(aNs, bNs, 0);',
  ],
  invalid: [
    { code: 'const a = tNs + timeoutMs;', errors: mixed },
    { code: 'const a = clip.startNs - this.preSec;', errors: mixed },
    { code: 'if (tNs >= clip.endSec) stop();', errors: mixed },
    { code: 'totalNs += elapsedMs;', errors: mixed },
    { code: 'const startNs = clip.startSec;', errors: mixed },
    { code: 'f({ startNs: clip.startSec });', errors: mixed },
    { code: 'const a = tNs - (startNs + WINDOW_SEC);', errors: mixed },
    { code: 'const a = startNs - nsToSec(endNs);', errors: mixed },
    { code: 'Math.min(aNs, bMs);', errors: mixed },
    { code: 'function f(tNs = defaultMs) {}', errors: mixed },
  ],
});
