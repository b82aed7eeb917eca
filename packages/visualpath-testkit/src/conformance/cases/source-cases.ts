import assert from 'node:assert/strict';
import { FlowGraph, FlowGraphBuilder, type FlowData } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt } from './run-graph.ts';
import { nodeText, runTextsSorted } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

/** Where items come from, and the edges that they go along. */
export const sourceCases: ConformanceGroup = {
  name: 'sources and edges',
  cases: [
    ...underEverySchedule('puts every frame on path "main"', async (open) => {
      const run = await runAt(open(), everyTen(5), start().build());
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 main',
        'frame 1 -> 1@10 main',
        'frame 2 -> 2@20 main',
        'frame 3 -> 3@30 main',
        'frame 4 -> 4@40 main',
      ]);
      assert.equal(nodeText(run.result, 'source'), 'in 5, out 5');
    }),
    {
      name: 'puts frames on the path of the source',
      run: async (open) => {
        const graph = new FlowGraphBuilder().source('camera', { path: 'raw' }).build();
        const run = await runAt(open({}), [7], graph);
        assert.deepEqual(run.texts, ['frame 0 -> 0@7 raw']);
        assert.equal(nodeText(run.result, 'camera'), 'in 1, out 1');
      },
    },
    {
      name: 'gives an item to every node that an edge leads to',
      run: async (open) => {
        const graph = start()
          .module('left', { modules: [looker('a')], path: 'left' })
          .from('source')
          .module('right', { modules: [looker('b')], path: 'right' })
          .build();
        const run = await runAt(open({}), [0, 10], graph);
        assert.deepEqual(runTextsSorted(run.events), [
          'frame 0 -> 0@0 left: a#0 | 0@0 right: b#0',
          'frame 1 -> 1@10 left: a#1 | 1@10 right: b#1',
        ]);
        assert.equal(nodeText(run.result, 'source'), 'in 2, out 2');
      },
    },
    {
      name: 'takes the items of an edge with a path only from that path',
      run: async (open) => {
        const graph = start()
          .branch('side', { condition: isEven, ifTrue: 'even', ifFalse: 'odd' })
          .from('side', 'even')
          .module('evens', { modules: [looker('a')] })
          .from('side')
          .module('all', { modules: [looker('b')] })
          .build();
        const run = await runAt(open({}), everyTen(3), graph);
        assert.deepEqual(runTextsSorted(run.events), [
          'frame 0 -> 0@0 even: a#0 | 0@0 even: b#0',
          'frame 1 -> 1@10 odd: b#1',
          'frame 2 -> 2@20 even: a#2 | 2@20 even: b#2',
        ]);
        assert.equal(nodeText(run.result, 'evens'), 'in 2, out 2');
        assert.equal(nodeText(run.result, 'all'), 'in 3, out 3');
      },
    },
    ...underEverySchedule('counts items that no edge is for', async (open) => {
      const graph = start()
        .branch('side', { condition: isEven, ifTrue: 'even', ifFalse: 'odd' })
        .from('side', 'even')
        .module('evens', { modules: [looker('a')] })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 even: a#0',
        'frame 1',
        'frame 2 -> 2@20 even: a#2',
        'frame 3',
        'frame 4 -> 4@40 even: a#4',
      ]);
      assert.equal(nodeText(run.result, 'side'), 'in 5, out 3, unrouted 2');
    }),
    {
      name: 'lets a node work on each item that several edges bring',
      run: async (open) => {
        const graph = start()
          .fanOut('split', { paths: ['x', 'y'] })
          .module('look', { modules: [looker('a', { stateful: true })] })
          .build();
        const run = await runAt(open({}), [0, 10], graph);
        assert.deepEqual(runTextsSorted(run.events), [
          'frame 0 -> 0@0 x: a#0 | 0@0 y: a#0',
          'frame 1 -> 1@10 x: a#1 | 1@10 y: a#1',
        ]);
        assert.equal(nodeText(run.result, 'look'), 'in 4, out 4');
      },
    },
    {
      name: 'refuses a graph with errors before anything starts',
      run: async (open) => {
        let isInitialized = false;
        const module = looker('a', {
          depends: ['nobody'],
          initialize: () => {
            isInitialized = true;
          },
        });
        const graph = FlowGraph.fromModules([module]);
        await assert.rejects(runAt(open({}), [0], graph), { code: 'VP_GRAPH_INVALID' });
        assert.equal(isInitialized, false);
      },
    },
  ],
};

const isEven = ({ frame }: FlowData): boolean => frame.frameId % 2 === 0;
