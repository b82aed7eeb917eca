import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { LimitedContext } from '../../src/backends/simple/limited-context.ts';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('LimitedContext', () => {
  it('leaves nothing on the signal of the run, whether its own was asked for or not', () => {
    const run = new AbortController();
    for (let i = 0; i < 100; i++) {
      const limited = new LimitedContext({ signal: run.signal });
      if (i % 2 === 0) expect(limited.context.signal.aborted).toBe(false);
      limited.close();
    }
    expect(listenersOf(run.signal)).toBe(0);
  });

  it('aborts with the run, before and after it was asked for', () => {
    const run = new AbortController();
    const early = new LimitedContext({ signal: run.signal }).context.signal;
    run.abort('enough');
    expect(early.reason).toBe('enough');
    expect(new LimitedContext({ signal: run.signal }).context.signal.reason).toBe('enough');
  });

  it('aborts when the time is over, also for who asks later', () => {
    const limited = new LimitedContext({ signal: new AbortController().signal });
    limited.abort('too late');
    expect(limited.context.signal.reason).toBe('too late');
  });

  it('keeps its signal where it is copied into another object', () => {
    const run = new AbortController();
    const copy = { ...new LimitedContext({ signal: run.signal }).context };
    run.abort('enough');
    expect(copy.signal.reason).toBe('enough');
  });
});
