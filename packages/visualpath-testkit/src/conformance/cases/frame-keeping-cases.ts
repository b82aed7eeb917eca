import assert from 'node:assert/strict';
import {
  FlowGraph,
  defineModule,
  isVisualError,
  type FlowData,
  type Frame,
  type FlowGraphBuilder,
} from 'visualpath';
import {
  underEverySchedule,
  type ConformanceGroup,
  type OpenBackend,
} from '../conformance-case.ts';
import { failAt, runAt } from './run-graph.ts';
import { everyTen, start, ticks } from './test-modules.ts';

const value = (frame: Frame): number => frame.data[0]!;

/** A module that writes down id and first pixel of what it is given, once others had their turn. */
const pixels = (seen: number[][]) =>
  defineModule({
    name: 'pixels',
    stateful: true,
    process: async (frame) => {
      await ticks(4);
      seen.push([frame.frameId, value(frame)]);
      return undefined;
    },
  });

/** Nodes that let results leave in a later turn than that of their newest frame, and which frames those have. */
const KEEPERS: Readonly<
  Record<string, readonly [(graph: FlowGraphBuilder) => FlowGraphBuilder, readonly number[]]>
> = {
  window: [(graph) => graph.window('keep', { windowNs: 30 }), [2, 5, 8, 11]],
  collector: [(graph) => graph.collector('keep', { batchSize: 99, timeoutNs: 45 }), [4, 9, 11]],
  'partial join': [
    (graph) =>
      graph
        .fanOut('split', { paths: ['x', 'y'] })
        .on('x', (arm) => arm.sample('fx', { every: 5 }))
        .on('y', (arm) => arm.filter('fy', { condition: () => false }))
        .join('keep', { paths: ['x', 'y'], latenessNs: 25, unmatched: 'emit' }),
    [0, 5, 10],
  ],
  'window and collector': [
    (graph) => graph.window('spans', { windowNs: 20 }).collector('keep', { batchSize: 2 }),
    [3, 7, 11],
  ],
};

const code = (error: unknown): unknown => (isVisualError(error) ? error.code : error);

const readable = ({ frame }: FlowData): unknown => {
  try {
    return value(frame);
  } catch (error) {
    return code(error);
  }
};

/** Whether frames still have their pixels. */
export const frameKeepingCases: ConformanceGroup = {
  name: 'frames kept for later',
  cases: [
    ...Object.entries(KEEPERS).flatMap(([name, [keep, ids]]) => [
      ...underEverySchedule(`a module behind a ${name} reads the newest frame`, async (open) => {
        const seen: number[][] = [];
        const graph = keep(start()).module('read', { modules: [pixels(seen)] });
        await runAt(open(), everyTen(12), graph.build());
        assert.deepEqual(
          seen,
          ids.map((id) => [id, id]),
        );
      }),
      {
        name: `a custom node behind a ${name} reads it with two slots`,
        run: async (open: OpenBackend) => {
          const seen: number[][] = [];
          const graph = keep(start()).custom('read', {
            create: () => ({
              process: ({ frame }) => {
                seen.push([frame.frameId, value(frame)]);
                return undefined;
              },
            }),
          });
          await runAt(open({}), everyTen(12), graph.build(), { slotCount: 2 });
          assert.deepEqual(
            seen,
            ids.map((id) => [id, id]),
          );
        },
      },
    ]),
    ...underEverySchedule('keepFrames keeps pixels for callbacks', async (open) => {
      const seen: unknown[] = [];
      const graph = start().window('spans', { windowNs: 30, keepFrames: true }).build();
      await runAt(open(), everyTen(7), graph, {
        onFrame: (_frame, results) => void seen.push(...results.map(readable)),
        onFlush: (results) => void seen.push(...results.map(readable)),
      });
      assert.deepEqual(seen, [2, 5, 6]);
    }),
    {
      name: 'by default pixels are gone where no code comes after, id and time stay',
      run: async (open) => {
        const seen: unknown[] = [];
        const look = (data: FlowData): void => {
          seen.push([data.frame.frameId, data.tNs, readable(data)]);
        };
        const graph = start().window('spans', { windowNs: 30 }).build();
        await runAt(open({}), everyTen(7), graph, {
          onFrame: (_frame, results) => results.forEach(look),
          onFlush: (results) => results.forEach(look),
        });
        assert.deepEqual(seen, [
          [2, 20, 'VB_FRAME_RELEASED'],
          [5, 50, 'VB_FRAME_RELEASED'],
          [6, 60, 'VB_FRAME_RELEASED'],
        ]);
      },
    },
    ...underEverySchedule('a corrected window has its newest frame', async (open) => {
      const seen: number[][] = [];
      const graph = start()
        .window('spans', { windowNs: 30, late: 'update' })
        .module('read', { modules: [pixels(seen)] })
        .build();
      await runAt(open(), [0, 20, 40, 80, 10, 25, 120], graph);
      assert.deepEqual(seen, [
        [1, 1],
        [2, 2],
        [1, 1],
        [5, 5],
        [3, 3],
        [6, 6],
      ]);
    }),
    {
      name: 'keepFrames false lets a module behind see that pixels are gone',
      run: async (open) => {
        const graph = start()
          .window('spans', { windowNs: 30, keepFrames: false })
          .module('read', { modules: [pixels([])] })
          .build();
        const { error } = await failAt(open({}), everyTen(7), graph);
        assert.equal(code(error), 'VP_MODULE_FAILED');
        assert.equal(code((error as Error).cause), 'VB_FRAME_RELEASED');
      },
    },
    ...underEverySchedule('what leaves in the turn of its frame has its pixels', async (open) => {
      const seen: unknown[] = [];
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .join('both', { paths: ['x', 'y'], keepFrames: false })
        .build();
      await runAt(open(), everyTen(6), graph, {
        onFrame: async (frame, results) => {
          await ticks(3);
          seen.push(value(frame), ...results.map(readable));
        },
      });
      assert.deepEqual(
        seen,
        [0, 1, 2, 3, 4, 5].flatMap((i) => [i, i]),
      );
    }),
    ...underEverySchedule('a module may retain frames for later', async (open) => {
      const kept: Frame[] = [];
      const seen: number[] = [];
      const last = defineModule({
        name: 'last',
        stateful: true,
        process: (frame) => {
          const before = kept.shift();
          if (before !== undefined) {
            seen.push(value(before));
            before.release();
          }
          kept.push(frame.retain());
          return undefined;
        },
        cleanup: () => {
          for (const frame of kept.splice(0)) frame.release();
        },
      });
      await runAt(open(), everyTen(8), FlowGraph.fromModules([last]), { slotCount: 16 });
      assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6]);
    }),
    ...underEverySchedule('callbacks may retain frames for later', async (open) => {
      const kept: Frame[] = [];
      const seen: number[] = [];
      const graph = FlowGraph.fromModules([pixels([])]);
      await runAt(open(), everyTen(6), graph, {
        slotCount: 16,
        onFrame: (frame) => {
          seen.push(
            ...kept.splice(0).map((before) => {
              const pixel = value(before);
              before.release();
              return pixel;
            }),
          );
          if (frame.frameId < 5) kept.push(frame.retain());
        },
      });
      assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    }),
  ],
};
