import assert from 'node:assert/strict';
import { FlowGraphBuilder, type FlowData, type PipelineResult } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt } from './run-graph.ts';
import { itemsOf, moduleText, nodeText } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

const isDivisibleBy =
  (n: number) =>
  ({ frame }: FlowData): boolean =>
    frame.frameId % n === 0;

const nodeTexts = (result: PipelineResult): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(result.stats.nodes).map((name) => [name, nodeText(result, name)]));

/** Figures of a run. */
export const statisticsCases: ConformanceGroup = {
  name: 'statistics',
  cases: [
    ...underEverySchedule('count frames, items and calls', async (open) => {
      const graph = new FlowGraphBuilder()
        .source('frames')
        .module('look', {
          modules: [looker('a', { blindTo: [1] }), looker('b', { depends: ['a'] })],
        })
        .filter('some', { condition: ({ frame }) => frame.frameId !== 4 })
        .multiBranch('kinds', {
          branches: [
            { condition: isDivisibleBy(3), path: 'three' },
            { condition: isDivisibleBy(2), path: 'two' },
          ],
        })
        .on('two', (arm) => arm.sample('half', { every: 2 }))
        .on('three', (arm) => arm.timestampSample('slow', { intervalNs: 40 }))
        .build();
      const run = await runAt(open(), everyTen(10), graph);
      // Divisible by three: 0, 3, 6, 9, of which 0 and 6 are 40 apart. Even else: 2, 8. None: 1, 5, 7.
      assert.deepEqual(nodeTexts(run.result), {
        frames: 'in 10, out 10',
        look: 'in 10, out 10',
        some: 'in 10, out 9, filtered 1',
        kinds: 'in 9, out 6, unrouted 3',
        half: 'in 2, out 1, filtered 1',
        slow: 'in 4, out 2, filtered 2',
      });
      assert.equal(moduleText(run.result, 'a'), 'called 10, saw 9, skipped 0');
      assert.equal(moduleText(run.result, 'b'), 'called 9, saw 9, skipped 1');
      const { readCount, processedCount, dropped, isStoppedEarly } = run.result.stats;
      assert.deepEqual(
        { readCount, processedCount, dropped, isStoppedEarly },
        { readCount: 10, processedCount: 10, dropped: {}, isStoppedEarly: false },
      );
      assert.equal(run.result.frameCount, 10);
      assert.deepEqual(
        itemsOf(run.events).map((item) => item.frameId),
        [0, 2, 6],
      );
    }),
    ...underEverySchedule('say the kind of every node', async (open) => {
      const graph = start()
        .sample('thin', { every: 2 })
        .window('spans', { windowNs: 30 })
        .collector('groups', { batchSize: 2 })
        .build();
      const { result } = await runAt(open(), everyTen(4), graph);
      const kinds = Object.entries(result.stats.nodes).map(([name, { kind }]) => [name, kind]);
      assert.deepEqual(Object.fromEntries(kinds), {
        source: 'source',
        thin: 'sample',
        spans: 'window',
        groups: 'collector',
      });
    }),
    ...underEverySchedule('lose no item without counting it', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a', { isAsync: true, blindTo: [5] })] })
        .filter('code', {
          condition: ({ frame }) => {
            if (frame.frameId === 7) throw new Error('seven');
            return frame.frameId !== 3;
          },
        })
        .observationFilter('seen')
        .signalFilter('big', { signal: 'value', op: 'ge', value: 1 })
        .branch('side', { condition: isDivisibleBy(2), ifTrue: 'even', ifFalse: 'odd' })
        .on('even', (arm) => arm.sample('thin', { every: 2 }))
        .from('thin')
        .connect('side', 'both', 'odd')
        .join('both', { paths: ['even', 'odd'], windowNs: 10, unmatched: 'emit' })
        .build();
      const run = await runAt(open(), everyTen(12), graph, { onNodeError: 'drop', slotCount: 8 });
      for (const [name, node] of Object.entries(run.result.stats.nodes)) {
        const { inCount, outCount, filteredCount, unroutedCount, errorCount, kind } = node;
        if (kind === 'join') continue;
        assert.equal(inCount, outCount + filteredCount + unroutedCount + errorCount, name);
      }
      assert.equal(nodeText(run.result, 'code'), 'in 12, out 10, filtered 1, error 1');
      assert.equal(nodeText(run.result, 'seen'), 'in 10, out 9, filtered 1');
      assert.equal(nodeText(run.result, 'big'), 'in 9, out 8, filtered 1');
      assert.equal(nodeText(run.result, 'thin'), 'in 5, out 3, filtered 2');
      const seen = itemsOf(run.events).flatMap((item) => item.observations.map((o) => o.frameId));
      assert.deepEqual(
        seen.toSorted((a, b) => a - b),
        [1, 2, 6, 9, 10, 11],
      );
    }),
    {
      name: 'have times that are numbers from 0, in their order',
      run: async (open) => {
        const graph = start()
          .module('look', { modules: [looker('a')] })
          .build();
        const { stats } = (await runAt(open({}), everyTen(20), graph)).result;
        const { meanMs, p50Ms, p95Ms, maxMs, totalMs } = stats.modules['a']!;
        const figures = { meanMs, p50Ms, p95Ms, maxMs, totalMs };
        const { wallMs, fps, sourceWaitMs, callbackMs } = stats;
        for (const value of Object.values({ ...figures, wallMs, fps, sourceWaitMs, callbackMs })) {
          assert.ok(Number.isFinite(value) && value >= 0);
        }
        assert.ok(p50Ms <= p95Ms && meanMs <= maxMs * 1.05 && maxMs <= totalMs * 1.05);
      },
    },
    {
      name: 'begin anew in each run',
      run: async (open) => {
        const graph = start()
          .module('look', { modules: [looker('a')] })
          .build();
        const backend = await open({});
        for (let i = 0; i < 2; i++) {
          const { result } = await runAt(backend, everyTen(3), graph);
          assert.equal(result.stats.backend, backend.name);
          assert.equal(result.stats.readCount, 3);
          assert.equal(moduleText(result, 'a'), 'called 3, saw 3, skipped 0');
          assert.equal(nodeText(result, 'look'), 'in 3, out 3');
        }
      },
    },
  ],
};
