import { describe, expect, it } from 'vitest';
import { defineModule } from '../../src/index.ts';
import { FakeFrame, observeFrames } from '../../src/testing/index.ts';

const frames = FakeFrame.sequence({ count: 3, width: 4, height: 4 });

describe('observeFrames', () => {
  it('shows a started module the frames with what others have seen, and cleans it up', async () => {
    const calls: string[] = [];
    const module = defineModule({
      name: 'frame.sum',
      depends: ['frame.count'],
      initialize: () => void calls.push('initialize'),
      cleanup: () => void calls.push('cleanup'),
      process: ({ frameId }, deps) => {
        calls.push(`process ${frameId}`);
        const { signals, tNs } = deps['frame.count'];
        return { signals: { sum: Number(signals['count']) + frameId, seconds: tNs / 1e9 } };
      },
    });
    const seen = await observeFrames(module, frames, {
      observations: ({ frameId }, index) => ({
        'frame.count': frameId === 1 ? undefined : { signals: { count: index * 10 } },
      }),
    });
    expect(seen.map((one) => one?.signals)).toEqual([
      { sum: 0, seconds: 0 },
      undefined,
      { sum: 22, seconds: 0.2 },
    ]);
    expect(seen[2]).toMatchObject({ source: 'frame.sum', frameId: 2, tNs: 200_000_000 });
    expect(calls).toEqual(['initialize', 'process 0', 'process 2', 'cleanup']);
  });

  it('cleans up what fails, and rejects with what was thrown', async () => {
    let cleanups = 0;
    const failing = defineModule({
      name: 'frame.fail',
      process: () => {
        throw new Error('no');
      },
      cleanup: () => void cleanups++,
    });
    await expect(observeFrames(failing, frames)).rejects.toThrow('no');
    expect(cleanups).toBe(1);
  });

  it("ends with the signal's reason", async () => {
    const quiet = defineModule({ name: 'frame.quiet', process: () => undefined });
    const signal = AbortSignal.abort('enough');
    await expect(observeFrames(quiet, frames, { signal })).rejects.toBe('enough');
  });
});
