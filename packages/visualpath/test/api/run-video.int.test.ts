import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeVideo } from 'visualbase/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzer, FileSource, FlowGraphBuilder, run } from '../../src/index.ts';

let folder: string;
let video: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'visualpath-run-'));
  video = path.join(folder, 'video.mp4');
  await makeVideo({ path: video, width: 96, height: 64, frameCount: 300 });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const pixel = analyzer('test.pixel', (frame) => ({ pixel: frame.data[0]! }));

describe('run on a video file', () => {
  // A sampler that drifts gives 15 of 30 for 20.
  it.each([1, 7, 10, 20, 24.98, 30])('takes %d frames a second, within one', async (fps) => {
    const { frameCount } = await run(video, { modules: [pixel], fps });
    expect(Math.abs(frameCount - 10 * fps)).toBeLessThanOrEqual(1);
  });

  it('hands out more frames at a time than the decoder has slots', async () => {
    const once = await run(video, { modules: [pixel] });
    const batched = await run(video, { modules: [pixel], batchSize: 40, slotCount: 4 });
    expect(batched.frameCount).toBe(once.frameCount);
  });

  it('keeps the pixels of frames in windows far longer than the decoder has slots', async () => {
    const graph = new FlowGraphBuilder()
      .source()
      .window('window', { windowNs: 4e9 })
      .module('after', { modules: [pixel] })
      .build();
    const { stats } = await run(video, { graph, slotCount: 4 });
    expect(stats.modules['test.pixel']).toMatchObject({ callCount: 3, observationCount: 3 });
  });

  it('takes several videos at once, merged by time', async () => {
    await using right = await FileSource.open(video, { fps: 5 });
    const graph = new FlowGraphBuilder()
      .source('left', { path: 'l' })
      .source('right', { path: 'r' })
      .join('both', { paths: ['l', 'r'] })
      .build();
    const { stats } = await run({ left: video, right }, { graph, fps: 10 });
    expect(stats.nodes['both']).toMatchObject({ inCount: 150, outCount: 50, unmatchedCount: 50 });
  });
});

describe('run on what is no file', () => {
  it('opens whatever visualbase understands, with options for its source', async () => {
    const seen: number[] = [];
    const { stats } = await run('lavfi:testsrc2=size=64x48:rate=30:duration=1', {
      modules: [analyzer('width', (frame) => ({ width: frame.width }))],
      fps: 10,
      maxSide: 32,
      source: { overflow: 'wait', reconnect: false },
      onObservation: ({ signals }) => void seen.push(Number(signals['width'])),
    });
    expect(stats.processedCount).toBe(10);
    expect(seen).toEqual(Array.from({ length: 10 }, () => 32));
  });

  it('refuses an address that it does not understand', async () => {
    const modules = [analyzer('width', (frame) => ({ width: frame.width }))];
    const running = run('gopher://x', { modules });
    await expect(running).rejects.toMatchObject({ code: 'VB_SOURCE_UNKNOWN' });
  });
});
