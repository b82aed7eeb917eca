import { describe, expect, it } from 'vitest';
import { DummyAnalyzer, FlowGraphBuilder } from '../../src/index.ts';
import { unhandledRejections } from '../support/unhandled-rejections.ts';

const dummy = (name: string) => new DummyAnalyzer({ name });

describe('FlowGraphBuilder', () => {
  it('connects each node with the one before it', () => {
    const graph = new FlowGraphBuilder()
      .source('frames')
      .sample('thin', { every: 2 })
      .path('analysis', { modules: [dummy('a')] })
      .build();
    expect(graph.edges).toEqual([
      { from: 'frames', to: 'thin' },
      { from: 'thin', to: 'analysis' },
    ]);
    expect(graph.nodes[2]?.spec).toMatchObject({ kind: 'module', path: 'analysis' });
  });

  it('goes on with one path of a fan-out, and takes all open ends for the next node', () => {
    const graph = new FlowGraphBuilder()
      .source()
      .fanOut('split', { paths: ['x', 'y', 'z'] })
      .on('x', (arm) => arm.module('left', { modules: [dummy('l')] }))
      .on('y', (arm) => arm.filter('some', { condition: () => true }).sample('few', { every: 3 }))
      .join('both', { paths: ['x', 'y', 'z'] })
      .build();
    expect(graph.edges).toEqual([
      { from: 'source', to: 'split' },
      { from: 'split', to: 'left', path: 'x' },
      { from: 'split', to: 'some', path: 'y' },
      { from: 'some', to: 'few' },
      { from: 'split', to: 'both', path: 'z' },
      { from: 'left', to: 'both' },
      { from: 'few', to: 'both' },
    ]);
  });

  it('goes on with the path of a source, of a node that sets one, and of what follows', () => {
    const graph = new FlowGraphBuilder()
      .source('left', { path: 'l' })
      .source('right', { path: 'r' })
      .on('l', (arm) => arm.sample('thin', { every: 2 }))
      .on('l', (arm) => arm.path('faces', { modules: [dummy('f')] }))
      .on('faces', (arm) => arm.sample('few', { every: 2 }))
      .join('both', { paths: ['faces', 'r'] })
      .on('both', (arm) => arm.sample('some', { every: 2 }))
      .build();
    expect(graph.edges).toEqual([
      { from: 'left', to: 'thin' },
      { from: 'thin', to: 'faces' },
      { from: 'faces', to: 'few' },
      { from: 'right', to: 'both' },
      { from: 'few', to: 'both' },
      { from: 'both', to: 'some' },
    ]);
  });

  it('leaves an arm that was ended out of the next node', () => {
    const graph = new FlowGraphBuilder()
      .source()
      .branch('split', { condition: () => true, ifTrue: 'x', ifFalse: 'y' })
      .on('x', (arm) => arm.collector('some', { batchSize: 2 }).end())
      .module('rest', { modules: [dummy('r')] })
      .build();
    expect(graph.edges.filter(({ to }) => to === 'rest')).toEqual([
      { from: 'split', to: 'rest', path: 'y' },
    ]);
  });

  it('goes on from any node, and connects any two', () => {
    const graph = new FlowGraphBuilder()
      .source('in')
      .window('late', { windowNs: 5, late: 'sideOutput' })
      .module('whole', { modules: [dummy('w')] })
      .from('late', 'late')
      .module('rest', { modules: [dummy('r')] })
      .collector('all', { batchSize: 4 })
      .connect('whole', 'all')
      .build();
    expect(graph.edges).toContainEqual({ from: 'late', to: 'rest', path: 'late' });
    expect(graph.edges).toContainEqual({ from: 'whole', to: 'all' });
  });

  it('says which paths are open when there is none of that name', () => {
    const builder = new FlowGraphBuilder().source().fanOut('split', { paths: ['x', 'y'] });
    expect(() => builder.on('q', () => undefined)).toThrow(
      'No open end is for path "q"; open are path "x", path "y".',
    );
  });

  it('refuses to go on with a path later than at once', async () => {
    const builder = new FlowGraphBuilder().source().fanOut('split', { paths: ['x', 'y'] });
    const reasons = await unhandledRejections(async () => {
      await Promise.resolve();
      const build = async () => Promise.reject(new Error('too late'));
      // @ts-expect-error -- the nodes must be there when the function returns
      expect(() => builder.on('x', build)).toThrow(
        'What follows on path "x" must be added at once',
      );
    });
    expect(reasons).toEqual([]);
  });

  it('refuses a graph with errors when it is built', () => {
    expect(() => new FlowGraphBuilder().source().sample('thin', { every: 0 }).build()).toThrow(
      expect.objectContaining({ code: 'VP_GRAPH_INVALID' }),
    );
  });

  it('hands its trigger handler to the graph', () => {
    const handler = () => undefined;
    expect(new FlowGraphBuilder().source().onTrigger(handler).build().onTrigger).toBe(handler);
  });
});
