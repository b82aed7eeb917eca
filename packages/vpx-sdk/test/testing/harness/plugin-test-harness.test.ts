import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PluginRegistry, type AnyModule } from 'visualpath';
import { VisualError, type Frame, type Mark } from '../../../src/index.ts';
import {
  describePlugin,
  FakeFrame,
  formatReport,
  PluginTestHarness,
  type CheckName,
  type HarnessOptions,
  type HarnessReport,
} from '../../../src/testing/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { brightness, change, look, meanOf, PORTS, type Deviation } from './brightness.ts';

const small = (): readonly Frame[] => FakeFrame.sequence({ count: 6, width: 32, height: 24 });

const namesOf = (report: HarnessReport, status: string): readonly CheckName[] =>
  report.checks.filter((check) => check.status === status).map(({ name }) => name);

const messageOf = (report: HarnessReport, name: CheckName): string =>
  report.checks.find((check) => check.name === name)!.message;

const run = (options: Partial<HarnessOptions>): Promise<HarnessReport> =>
  new PluginTestHarness({ create: () => brightness(), frames: small, ...options }).run();

/** A module with one fault, made anew from a function so that each has a memory of its own. */
const withFault = (make: () => Deviation): Partial<HarnessOptions> => ({
  create: () => brightness(make()),
});

const withMark = (mark: Mark): Partial<HarnessOptions> =>
  withFault(() => ({ annotate: () => [mark] }));

const seesOthers = {
  depends: ['face.detect'],
  portSchema: { ...PORTS, inputs: { face_count: 'number' } },
} as const;
const observations = () => ({
  'face.detect': { signals: { face_count: 1 }, data: { boxes: [1, 2] } },
});

let madeCount = 0;

/** Modules that do one thing wrong: the check that must fail, and alone; what it says; the module. */
const BAD: readonly (readonly [CheckName, RegExp, Partial<HarnessOptions>])[] = [
  ['name', /"Brightness"/, withFault(() => ({ name: 'Brightness' }))],
  [
    'capabilities',
    /no flag TURBO/,
    withFault(() => ({ capabilities: { flags: ['TURBO' as 'GPU'] } })),
  ],
  [
    'capabilities',
    /`stateful` is false/,
    withFault(() => ({ capabilities: { flags: ['STATEFUL'] } })),
  ],
  [
    'capabilities',
    /no processBatch\(\) of its own/,
    withFault(() => ({ capabilities: { flags: ['BATCHING'] } })),
  ],
  [
    'capabilities',
    /gpuMemoryMb must be a number above 0, is -5/,
    withFault(() => ({ capabilities: { flags: ['GPU'], gpuMemoryMb: -5 } })),
  ],
  [
    'ports',
    /brightness \(number\) is not in portSchema/,
    withFault(() => ({ portSchema: { inputs: {}, outputs: {} } })),
  ],
  [
    'ports',
    /brightness is a number, and is declared as string/,
    withFault(() => ({ portSchema: { inputs: {}, outputs: { brightness: 'string' } } })),
  ],
  [
    'ports',
    /brightness is NaN/,
    withFault(() => ({ process: () => ({ signals: { brightness: NaN } }), annotate: () => [] })),
  ],
  [
    'signals-seen',
    /never seen in 6 frames: darkness/,
    {
      ...withFault(() => ({
        portSchema: { inputs: {}, outputs: { brightness: 'number', darkness: 'number' } },
      })),
      requireAllSignals: true,
    },
  ],
  [
    'inputs',
    /hand_count \(number\) nobody it depends on gives/,
    {
      ...withFault(() => ({
        ...seesOthers,
        portSchema: { ...PORTS, inputs: { hand_count: 'number' } },
      })),
      observations,
    },
  ],
  [
    'serializable',
    /data\.redo is a function/,
    withFault(() => ({
      process: (frame) => ({ ...look(frame), data: { redo: () => meanOf(frame) } }),
    })),
  ],
  [
    'serializable',
    /data\.frame is an instance of Frame/,
    withFault(() => ({ process: (frame) => ({ ...look(frame), data: { frame: frame.clone() } }) })),
  ],
  [
    'stable-results',
    /data\.later is 1 instead of 0/,
    withFault(() => {
      let given = { later: 0 };
      return {
        process: (frame) => {
          given.later = 1;
          given = { later: 0 };
          return { ...look(frame), data: given };
        },
      };
    }),
  ],
  [
    'deterministic',
    /the second differs: in frame 0 .* signals\.brightness is/,
    withFault(() => {
      const nth = ++madeCount;
      return { process: () => ({ signals: { brightness: 1 / nth } }) };
    }),
  ],
  [
    'reset',
    /after reset\(\), in frame 0 of the sequence signals\.brightness is 7 instead of 1/,
    withFault(() => {
      let count = 0;
      return {
        stateful: true,
        process: () => ({ signals: { brightness: ++count } }),
        initialize: () => {
          count = 0;
        },
        annotate: () => [],
      };
    }),
  ],
  [
    'stateless',
    /in reverse, .*set `stateful = true`/,
    withFault(() => {
      let last = 0;
      return {
        capabilities: { flags: ['DETERMINISTIC'] },
        process: (frame) => {
          const before = last;
          last = meanOf(frame);
          return { signals: { brightness: before } };
        },
        reset: () => {
          last = 0;
        },
      };
    }),
  ],
  [
    'batch',
    /in batches of 2, in frame 1/,
    withFault(() => ({
      capabilities: { flags: ['BATCHING'] },
      processBatch: (frames) => frames.map(() => look(frames[0]!)),
    })),
  ],
  [
    'batch',
    /batches of up to 12, but one of 12 fails: too many/,
    withFault(() => ({
      capabilities: { flags: ['BATCHING'], maxBatchSize: 12 },
      processBatch: (frames) => {
        if (frames.length > 10) throw new Error('too many');
        return frames.map(look);
      },
    })),
  ],
  [
    'batch',
    /gave 1 results for 2 frames/,
    withFault(() => ({
      capabilities: { flags: ['BATCHING'] },
      processBatch: (frames) => [look(frames[0]!)],
    })),
  ],
  [
    'thread-safe',
    /when calls overlap, in frame 0/,
    withFault(() => {
      let current = 0;
      return {
        process: async (frame) => {
          current = meanOf(frame);
          await Promise.resolve();
          return { signals: { brightness: current } };
        },
      };
    }),
  ],
  [
    'before-initialize',
    /throws TypeError .*VPX_NOT_INITIALIZED/,
    withFault(() => {
      let scale: { value: number } | undefined;
      return {
        initialize: () => {
          scale = { value: 1 };
        },
        process: (frame) => ({ signals: { brightness: meanOf(frame) * scale!.value } }),
      };
    }),
  ],
  [
    'restart',
    /already gone/,
    withFault(() => {
      let isGone = false;
      return {
        initialize: () => {
          if (isGone) throw new Error('already gone');
        },
        cleanup: () => {
          isGone = true;
        },
      };
    }),
  ],
  [
    'cleanup',
    /the second cleanup\(\) throws Error \(closed already\)/,
    withFault(() => {
      let cleanups = 0;
      let starts = 0;
      return {
        initialize: () => {
          starts++;
          cleanups = 0;
        },
        cleanup: () => {
          if (starts === 1 && ++cleanups > 1) throw new Error('closed already');
        },
      };
    }),
  ],
  [
    'abort',
    /with a signal that has aborted it throws Error \(cancelled\)/,
    withFault(() => ({
      process: async (frame, _deps, { signal }) => {
        if (signal.aborted) throw new Error('cancelled');
        return look(frame);
      },
    })),
  ],
  [
    'abort',
    /did not end within 100 ms/,
    {
      ...withFault(() => ({
        process: (frame, _deps, { signal }) =>
          signal.aborted ? new Promise(() => undefined) : look(frame),
      })),
      callTimeoutMs: 100,
    },
  ],
  [
    'after-error',
    /the frame after one that failed throws Error \(busy\)/,
    withFault(() => {
      let isBusy = false;
      return {
        capabilities: { flags: ['DETERMINISTIC'] },
        process: (frame) => {
          if (isBusy) throw new Error('busy');
          isBusy = true;
          const seen = look(frame);
          isBusy = false;
          return seen;
        },
      };
    }),
  ],
  [
    'frames-borrowed',
    /still holds frame 0, 1, 2, 3, 4, 5/,
    withFault(() => ({ process: (frame) => look(frame.retain()) })),
  ],
  [
    'frames-borrowed',
    /the observation\.data\.pixels of frame 0 .* view of the frame's pixels/,
    withFault(() => ({
      process: (frame) => ({ ...look(frame), data: { pixels: frame.data.subarray(0, 6) } }),
    })),
  ],
  [
    'frames-borrowed',
    /it looks at pixels that it has given back/,
    withFault(() => {
      let before: Uint8Array | undefined;
      return {
        stateful: true,
        capabilities: { flags: ['DETERMINISTIC', 'STATEFUL'] },
        process: ({ data }) => {
          const brightness = before?.[0] ?? 0;
          before = data;
          return { signals: { brightness } };
        },
        reset: () => {
          before = undefined;
        },
        annotate: () => [],
      };
    }),
  ],
  [
    'frames-unchanged',
    /byte 0 of frame 0 has changed/,
    withFault(() => ({
      process: (frame) => {
        const seen = look(frame);
        frame.data[0]! ^= 1;
        return seen;
      },
    })),
  ],
  [
    'frames-unchanged',
    /byte 3 of gray\(\) of frame 0/,
    withFault(() => ({
      process: (frame) => {
        const seen = look(frame);
        frame.gray().data[3]! ^= 1;
        return seen;
      },
    })),
  ],
  [
    'frames-unchanged',
    /what others have seen in frame 0 .*boxes\[0\] is 9 instead of 1 afterwards/,
    {
      ...withFault(() => ({
        ...seesOthers,
        process: (frame, deps) => {
          (deps['face.detect']!.data as { boxes: number[] }).boxes[0] = 9;
          return look(frame);
        },
      })),
      observations,
    },
  ],
  [
    'optional-dependencies',
    /without face\.detect it throws TypeError/,
    {
      ...withFault(() => ({
        optionalDepends: ['face.detect'],
        process: (frame, deps) => ({
          signals: {
            brightness: Number(deps['face.detect']!.signals['face_count']) * meanOf(frame),
          },
        }),
      })),
      observations,
    },
  ],
  ['annotate', /no marks of the kind "blob"/, withMark({ kind: 'blob' } as unknown as Mark)],
  [
    'annotate',
    /far outside the picture of 32x24 pixels/,
    withMark({ kind: 'box', box: { space: 'norm', x1: 0, y1: 0, x2: 31, y2: 23 } }),
  ],
  [
    'annotate',
    /not finite/,
    withMark({ kind: 'keypoints', points: [{ space: 'px', x: NaN, y: 0 }] }),
  ],
  [
    'annotate',
    /a bone leads to point 1 of 1/,
    withMark({ kind: 'skeleton', points: [{ space: 'px', x: 1, y: 1 }], bones: [[0, 1]] }),
  ],
  ['annotate', /the colour "red"/, withMark({ kind: 'text', text: 'a', color: 'red' })],
  [
    'annotate',
    /annotate\(\) changes the observation: signals\.brightness is 2/,
    withFault(() => ({
      annotate: ({ signals }) => {
        (signals as Record<string, number>)['brightness'] = 2;
        return [];
      },
    })),
  ],
  [
    'annotate',
    /without data throws TypeError/,
    withFault(() => ({
      annotate: ({ data }) => [
        { kind: 'text', text: String((data as { size: number[] }).size[0]) },
      ],
    })),
  ],
  [
    'memory',
    /each frame leaves \d+ bytes behind, more than 16384/,
    withFault(() => {
      const all: Uint8Array[] = [];
      return {
        process: (frame) => {
          all.push(new Uint8Array(40_000).fill(1));
          return look(frame);
        },
      };
    }),
  ],
];

describe('PluginTestHarness', () => {
  it('has nothing against a module that does everything right', async () => {
    const report = await run({});
    expect(formatReport(report)).toContain('0 failed');
    expect(namesOf(report, 'skipped')).toEqual(['package', 'inputs', 'optional-dependencies']);
  });

  it('has nothing against one that loads something, remembers, and takes batches', async () => {
    const report = await run({ create: change });
    expect(namesOf(report, 'failed')).toEqual([]);
    expect(namesOf(report, 'passed')).toContain('batch');
    expect(namesOf(report, 'passed')).toContain('reset');
  });

  it.each(BAD)('fails %s, and nothing else, with %s', async (name, message, options) => {
    // Looking for leaks takes longer than all else.
    const skip = name === 'memory' ? {} : { memory: 'tested by itself' };
    const report = await run({ ...options, skip });
    expect(namesOf(report, 'failed')).toEqual([name]);
    expect(messageOf(report, name)).toMatch(message);
  });

  it('has a module with a fault for every check', () => {
    const tested = new Set<CheckName>(BAD.map(([name]) => name));
    const missing = PluginTestHarness.checkNames.filter((name) => !tested.has(name));
    expect(missing).toEqual(['package']); // below, for it needs a folder
  });

  it('reads in the package under which name it is found, and makes it by that', async () => {
    const folder = await temporaryFolder();
    const write = async (name: string, source: string): Promise<string> => {
      const root = path.join(folder, name);
      await mkdir(root);
      await writeFile(path.join(root, 'index.js'), source);
      const modules = { [name]: './index.js#made' };
      await writeFile(
        path.join(root, 'package.json'),
        JSON.stringify({ name: 'p', type: 'module', visualpath: { modules } }),
      );
      return path.join(root, 'package.json');
    };
    const made = (name: string): string =>
      `export const made = () => ({ name: '${name}', depends: [], optionalDepends: [], process() {}, initialize() {}, cleanup() {} });`;
    const findingFor = async (packageJson: string) => {
      const report = await run({ packageJson });
      return [namesOf(report, 'failed'), messageOf(report, 'package')] as const;
    };
    const good = await write('frame.brightness', made('frame.brightness'));
    expect(await findingFor(good)).toEqual([[], '']);
    const other = await write('frame.darkness', made('frame.darkness'));
    expect(await findingFor(other)).toEqual([
      ['package'],
      expect.stringContaining(
        'declares "frame.darkness" under visualpath.modules, and not "frame.b',
      ),
    ]);
    await writeFile(path.join(path.dirname(good), 'index.js'), made('frame.gloom'));
    // The first version of the file is in Node's cache: another name for it.
    const wrong = await write('x', '');
    const json = {
      type: 'module',
      visualpath: { modules: { 'frame.brightness': './index.js#made' } },
    };
    await writeFile(wrong, JSON.stringify({ name: 'p', ...json }));
    expect((await findingFor(wrong))[0]).toEqual(['package']);
  });

  it('throws one error that names every check that failed, with values', async () => {
    const harness = new PluginTestHarness({
      frames: small,
      create: () => brightness({ name: 'bright', portSchema: { inputs: {}, outputs: {} } }),
    });
    const error: unknown = await harness.check().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VisualError);
    const { code, message, details } = error as VisualError;
    expect(code).toBe('VPX_PLUGIN_CHECK_FAILED');
    expect(message).toContain('bright fails 2 checks');
    expect(message).toContain('- name (is called domain.action): the name is "bright"');
    expect(message).toContain('- ports (');
    expect((details['report'] as HarnessReport).isPassed).toBe(false);
  });

  it('makes modules by name from a registry', async () => {
    const registry = new PluginRegistry();
    registry.register('frame.brightness', () => brightness());
    const harness = new PluginTestHarness({ name: 'frame.brightness', registry, frames: small });
    expect((await harness.check()).isPassed).toBe(true);
  });

  it('shows the frames to the modules it depends on first, and passes over those without', async () => {
    const seenIds: number[] = [];
    const evens = (): AnyModule =>
      brightness({
        name: 'frame.even',
        portSchema: { inputs: {}, outputs: { even: 'boolean' } },
        process: ({ frameId }) => (frameId % 2 === 0 ? { signals: { even: true } } : undefined),
      });
    const report = await run({
      dependencies: [evens],
      create: () =>
        brightness({
          depends: ['frame.even'],
          portSchema: { ...PORTS, inputs: { even: 'boolean' } },
          process: (frame, deps) => {
            seenIds.push(deps['frame.even']!.frameId);
            return look(frame);
          },
        }),
    });
    expect(namesOf(report, 'failed')).toEqual([]);
    expect(namesOf(report, 'passed')).toContain('inputs');
    expect(seenIds.slice(0, 3)).toEqual([0, 2, 4]);
  });

  it('says which observation is missing if no frame reaches the module', async () => {
    const report = await run(withFault(() => ({ depends: ['face.detect'] })));
    expect(messageOf(report, 'ports')).toMatch(/no observation of face\.detect/);
  });

  it('lets ids go on after a reset, but not get mixed up', async () => {
    const tracker = (isMixed: boolean) => (): AnyModule => {
      let firstId = 1;
      return brightness({
        stateful: true,
        capabilities: { flags: ['DETERMINISTIC'] },
        process: (frame) => {
          const trackId = firstId + (isMixed && firstId > 1 ? 0 : frame.frameId % 2);
          return { ...look(frame), data: { things: [{ trackId }] } };
        },
        reset: () => {
          firstId += 10;
        },
        initialize: () => {
          firstId = 1;
        },
      });
    };
    const options = { skip: { abort: 'n', restart: 'n', 'after-error': 'n' } };
    expect(namesOf(await run({ ...options, create: tracker(false) }), 'failed')).toEqual([]);
    const mixed = await run({ ...options, create: tracker(true) });
    expect(namesOf(mixed, 'failed')).toEqual(['reset']);
  });

  it('compares nothing with a module that sees something else each time and does not claim otherwise', async () => {
    let count = 0;
    const report = await run(
      withFault(() => ({
        capabilities: { flags: [] },
        process: () => ({ signals: { brightness: ++count } }),
        annotate: () => [],
      })),
    );
    expect(namesOf(report, 'failed')).toEqual([]);
    expect(namesOf(report, 'skipped')).toEqual(
      expect.arrayContaining(['deterministic', 'reset', 'stateless', 'batch']),
    );
  });

  it('leaves out the checks that skip names, with the reason', async () => {
    const report = await run({
      ...withFault(() => ({ name: 'Brightness' })),
      skip: { name: 'older than the rule' },
    });
    expect(report.isPassed).toBe(true);
    expect(messageOf(report, 'name')).toBe('older than the rule');
  });

  it.each([
    [{}, /`create`/],
    [{ create: () => brightness(), name: 'frame.brightness' }, /`create`/],
    [{ create: brightness() as never }, /`create` option must be a function/],
    [
      { create: () => brightness(), skip: { nonsense: 'x' } as never },
      /nonsense, which is no check/,
    ],
    [{ create: () => brightness(), callTimeoutMs: 0 }, /`callTimeoutMs`/],
    [{ create: () => brightness(), memory: { frameCount: -1 } }, /`memory.frameCount`/],
  ])('refuses the options %o', (options, message) => {
    expect(() => new PluginTestHarness(options)).toThrow(message);
  });

  it('refuses frames whose times do not increase', async () => {
    const frames = [FakeFrame.make({ tNs: 5 }), FakeFrame.make({ tNs: 5 })];
    expect(messageOf(await run({ frames }), 'ports')).toMatch(/must increase, got 5, 5/);
  });
});

describe('describePlugin', () => {
  it('makes a test of each check that is not skipped, which fails as the check does', async () => {
    const tests = new Map<string, () => Promise<void>>();
    const runner = {
      describe: (_name: string, body: () => void) => body(),
      it: (name: string, body: () => Promise<void>) => tests.set(name, body),
    };
    const options = { create: () => brightness({ name: 'Bright' }), frames: small };
    describePlugin('Bright', { ...options, skip: { memory: 'slow' } }, runner);
    expect(tests.size).toBe(PluginTestHarness.checkNames.length - 1);
    await expect(tests.get('is called domain.action (name)')!()).rejects.toMatchObject({
      code: 'VPX_PLUGIN_CHECK_FAILED',
    });
    await tests.get('sees the same in the same frames, bit for bit (deterministic)')!();
  });

  it('needs a test runner', () => {
    expect(() => describePlugin('a', { create: () => brightness() })).toThrow(/test runner/);
  });
});

describePlugin('frame.change', { create: change, frames: small }, { describe, it });
