import { describe, expect, it } from 'vitest';
import { RingFrames, syntheticFrames } from 'visualpath-testkit';
import {
  App,
  analyzer,
  defineModule,
  FlowGraph,
  FlowGraphBuilder,
  fusion,
  Module,
  SimpleBackend,
  trigger,
  type AnyModule,
  type ExecutionBackend,
  type FlowData,
  type Frame,
  type ObservationLog,
  type PipelineResult,
  type Video,
  type VideoOutcome,
} from '../../src/index.ts';

const index = analyzer('test.index', (frame) => ({ value: frame.frameId }));
const third = fusion({ sources: [index] }, (deps) =>
  deps['test.index'].signals['value'] === 2 ? trigger('third') : undefined,
);

const frames = (count: number) => syntheticFrames({ count });

/** An app that writes down which hooks are called. */
class Recorder extends App {
  readonly log: string[] = [];
  override setup() {
    this.log.push('setup');
  }
  override configureModules(): readonly AnyModule[] {
    this.log.push('configureModules');
    return [third];
  }
  override configureGraph(modules: readonly AnyModule[]) {
    this.log.push('configureGraph');
    return FlowGraph.fromModules(modules);
  }
  override onVideoStart(_video: Video, videoIndex: number) {
    this.log.push(`onVideoStart ${videoIndex}`);
  }
  override onFrame(frame: Frame): boolean | undefined {
    this.log.push(`onFrame ${frame.frameId}`);
    return undefined;
  }
  override onTrigger() {
    this.log.push('onTrigger');
  }
  override onVideoEnd({ status }: VideoOutcome, videoIndex: number) {
    this.log.push(`onVideoEnd ${videoIndex} ${status}`);
  }
  override teardown() {
    this.log.push('teardown');
  }
}

describe('App.run', () => {
  it('calls the hooks in order', async () => {
    const app = new Recorder();
    const { triggers } = await app.run(frames(4));
    expect(app.log).toEqual([
      ...['setup', 'configureModules', 'configureGraph', 'onVideoStart 0'],
      ...['onFrame 0', 'onFrame 1', 'onTrigger', 'onFrame 2', 'onFrame 3'],
      ...['onVideoEnd 0 complete', 'teardown'],
    ]);
    expect(triggers.map(({ label }) => label)).toEqual(['third']);
  });

  it('hands over what windows give up at the end', async () => {
    const seen: number[] = [];
    class Windowed extends App {
      override configureGraph() {
        return new FlowGraphBuilder().source().window('w', { windowNs: 1e9 }).build();
      }
      override onFlush(results: readonly FlowData[]) {
        for (const data of results) seen.push(data.frame.frameId);
      }
    }
    await new Windowed().run(frames(4));
    expect(seen).toEqual([3]);
  });

  it('has a default for every hook', async () => {
    const { frameCount } = await new App().run(frames(3));
    expect(frameCount).toBe(3);
  });

  it('gives afterRun every observation of the run, then closes the log', async () => {
    let kept: ObservationLog | undefined;
    class WholeVideo extends Recorder {
      override async afterRun(result: PipelineResult, log: ObservationLog) {
        kept = log;
        const { values } = await log.series('test.index', 'value');
        this.log.push(`afterRun ${result.frameCount} ${log.count} ${values.join(' ')}`);
      }
    }
    const app = new WholeVideo();
    await app.run(frames(4));
    expect(app.log).toContain('afterRun 4 8 0 1 2 3');
    expect(app.log.indexOf('afterRun 4 8 0 1 2 3')).toBeLessThan(
      app.log.indexOf('onVideoEnd 0 complete'),
    );
    await expect(kept?.toArray()).rejects.toMatchObject({ code: 'VP_CLOSED' });
  });

  it('keeps whole videos out of memory: the log spills to disk', async () => {
    let isSpilled = false;
    class WholeVideo extends App {
      override configureModules() {
        return [analyzer('test.long', (frame) => ({ text: `${frame.frameId}`.repeat(500) }))];
      }
      override async afterRun(_result: PipelineResult, log: ObservationLog) {
        isSpilled = log.isSpilled;
        const all = await log.toArray();
        expect(all.map(({ frameId }) => frameId)).toEqual(all.map((_, i) => i));
        expect(all).toHaveLength(2000);
      }
    }
    await new WholeVideo().run(frames(2000), { log: { maxMemoryBytes: 100_000 } });
    expect(isSpilled).toBe(true);
  });

  it.each(['setup', 'configureModules', 'configureGraph', 'onFrame', 'onTrigger'] as const)(
    'tears down when %s throws, and lets the error through',
    async (hook) => {
      const error = new Error(`from ${hook}`);
      const app = new Recorder();
      app[hook] = () => {
        throw error;
      };
      await expect(app.run(frames(4))).rejects.toBe(error);
      expect(app.log.at(-1)).toBe('teardown');
    },
  );

  it('throws the reason of an abort', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const app = new Recorder();
    app.onFrame = () => {
      controller.abort(reason);
      return undefined;
    };
    await expect(app.run(frames(4), { signal: controller.signal })).rejects.toBe(reason);
    expect(app.log.slice(-2)).toEqual(['onVideoEnd 0 aborted', 'teardown']);
  });
});

/** Remembers how many frames it has seen since it was started or reset. */
class Counter extends Module {
  readonly name = 'test.counter';
  override readonly stateful = true;
  readonly log: string[] = [];
  seenCount = 0;
  override initialize() {
    this.log.push('initialize');
  }
  override reset() {
    this.log.push(`reset after ${this.seenCount}`);
    this.seenCount = 0;
  }
  process(frame: Frame) {
    this.seenCount += 1;
    if (frame.data[0] === 5) throw new Error('a five');
    return { signals: { seen: this.seenCount } };
  }
  override cleanup() {
    this.log.push(`cleanup after ${this.seenCount}`);
  }
}

class Counting extends App {
  readonly counter = new Counter();
  readonly ended: string[] = [];
  override configureModules() {
    return [this.counter];
  }
  override onVideoEnd({ status }: VideoOutcome, videoIndex: number) {
    this.ended.push(`${videoIndex} ${status}`);
  }
}

describe('App.runBatch', () => {
  it('starts modules once and resets them between videos', async () => {
    const app = new Counting();
    const result = await app.runBatch([frames(3), frames(2), frames(4)]);
    expect(app.counter.log).toEqual([
      ...['initialize', 'reset after 3', 'reset after 2', 'cleanup after 4'],
    ]);
    expect(result).toMatchObject({ completeCount: 3, failedCount: 0, isAborted: false });
  });

  it('goes on after a video that fails, of which nothing is left', async () => {
    const app = new Counting();
    const ring = new RingFrames({ timesNs: Array.from({ length: 9 }, (_, i) => i * 1e8) });
    const { outcomes, failedCount } = await app.runBatch([
      frames(2),
      ring,
      'nothing.mp4',
      frames(3),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'complete',
      'failed',
      'failed',
      'complete',
    ]);
    expect(outcomes[1]).toMatchObject({ error: { code: 'VP_MODULE_FAILED' } });
    expect(outcomes[2]).toMatchObject({ error: { code: 'VB_FILE_NOT_FOUND' } });
    expect(outcomes[3]).toMatchObject({ result: { frameCount: 3 } });
    expect(app.counter.log.at(-1)).toBe('cleanup after 3');
    expect(ring.freeCount).toBe(ring.slotCount);
    expect(failedCount).toBe(2);
    expect(app.ended).toEqual(['0 complete', '1 failed', '2 failed', '3 complete']);
  });

  it('counts a video as failed whose afterRun throws', async () => {
    class Picky extends Counting {
      override afterRun(result: PipelineResult) {
        if (result.frameCount < 3) throw new Error('too short');
      }
    }
    const { outcomes } = await new Picky().runBatch([frames(2), frames(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'complete']);
  });

  it('keeps what is finished when it is aborted', async () => {
    const controller = new AbortController();
    const app = new Counting();
    app.onVideoStart = (_, videoIndex) => {
      if (videoIndex === 1) controller.abort();
    };
    const result = await app.runBatch([frames(2), frames(2), frames(2)], {
      signal: controller.signal,
    });
    expect(result.outcomes.map(({ status }) => status)).toEqual(['complete', 'aborted', 'aborted']);
    expect(result.isAborted).toBe(true);
    expect(app.counter.log.at(-1)).toMatch(/^cleanup/);
  });

  it('works with a backend that has no sessions: modules are started for each video', async () => {
    const simple = new SimpleBackend();
    const backend: ExecutionBackend = {
      name: 'plain',
      execute: (...args) => simple.execute(...args),
    };
    const app = new Counting();
    const { completeCount } = await app.runBatch([frames(2), frames(3)], { backend });
    expect(completeCount).toBe(2);
    expect(app.counter.log.filter((line) => line === 'initialize')).toHaveLength(2);
  });
});

describe('of several errors of an app', () => {
  const failWith = (error: unknown) => () => {
    throw error;
  };
  /** A module that cannot be cleaned up. */
  const sticky = defineModule({
    name: 'test.sticky',
    process: () => ({}),
    cleanup: failWith(new Error('from cleanup')),
  });

  it('the first is thrown, those of cleaning up and tearing down are attached to it', async () => {
    const first = new Error('from onVideoStart');
    const app = new Recorder();
    app.configureModules = () => [sticky];
    app.onVideoStart = failWith(first);
    app.teardown = failWith(new Error('from teardown'));
    await expect(app.runBatch([frames(2)])).rejects.toBe(first);
    expect(first).toMatchObject({
      suppressed: [{ code: 'VP_CLEANUP_FAILED' }, { message: 'from teardown' }],
    });
  });

  it('run throws the one of the video, whatever hooks throw after it', async () => {
    const first = new Error('from onFrame');
    const app = new Recorder();
    app.onFrame = failWith(first);
    app.onVideoEnd = failWith(new Error('from onVideoEnd'));
    app.teardown = failWith(new Error('from teardown'));
    await expect(app.run(frames(2))).rejects.toBe(first);
    // Those that came later hang together.
    expect(first).toMatchObject({
      suppressed: [{ message: 'from onVideoEnd', suppressed: [{ message: 'from teardown' }] }],
    });
  });

  it('an error of teardown alone is thrown', async () => {
    const app = new Recorder();
    app.teardown = failWith(new Error('from teardown'));
    await expect(app.run(frames(2))).rejects.toThrow('from teardown');
  });
});

describe.each(['setup', 'configureModules', 'configureGraph'] as const)(
  'an abort in %s',
  (hook) => {
    it('leaves every video aborted, and runs none', async () => {
      const controller = new AbortController();
      const app = new Counting();
      const modules = [app.counter];
      const hooks = {
        setup: () => undefined,
        configureModules: () => modules,
        configureGraph: () => FlowGraph.fromModules(modules),
      };
      app[hook] = (() => {
        controller.abort(new Error('enough'));
        return hooks[hook]();
      }) as never;
      const { signal } = controller;
      const { outcomes, isAborted } = await app.runBatch([frames(2), frames(2)], { signal });
      expect(outcomes.map(({ status }) => status)).toEqual(['aborted', 'aborted']);
      expect(isAborted).toBe(true);
      expect(app.counter.seenCount).toBe(0);
      const again = new Counting().run(frames(2), { signal });
      await expect(again).rejects.toThrow('enough');
    });
  },
);
