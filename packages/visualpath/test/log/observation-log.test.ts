import { deepStrictEqual } from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Trigger } from 'visualbase';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../../src/core/observation.ts';
import { ObservationLog } from '../../src/log/observation-log.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'visualpath test '))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const MIB = 1024 * 1024;

const observationOf = (index: number, init: Partial<Observation> = {}): Observation => ({
  source: index % 2 === 0 ? 'face' : 'smile',
  frameId: index >> 1,
  tNs: (index >> 1) * 100,
  signals: { score: index / 2, isSmiling: index % 4 === 1, label: 'ok' },
  metadata: {},
  ...init,
});

/** Observations that take 1000 bytes and more. */
const large = (count: number, from = 0): Observation[] =>
  Array.from({ length: count }, (_, at) =>
    observationOf(from + at, { data: new Uint8Array(1000).fill(from + at) }),
  );

async function fill(log: ObservationLog, observations: readonly Observation[]): Promise<void> {
  for (const observation of observations) {
    log.append(observation);
    await log.drain();
  }
}

async function frameIdsOf(observations: AsyncIterable<Observation>): Promise<number[]> {
  const frameIds: number[] = [];
  for await (const { frameId } of observations) frameIds.push(frameId);
  return frameIds;
}

const spillFolders = () => readdir(folder);

describe('ObservationLog in memory', () => {
  it('gives back the very objects that were appended, in that order', async () => {
    await using log = new ObservationLog({ folder });
    const observations = large(10);
    for (const observation of observations) log.append(observation);
    const back = await log.toArray();
    expect(back).toHaveLength(10);
    for (const [index, observation] of back.entries())
      expect(observation).toBe(observations[index]);
    expect(log.isSpilled).toBe(false);
    expect(await spillFolders()).toEqual([]);
  });

  it('is empty at first', async () => {
    await using log = new ObservationLog();
    expect(log.count).toBe(0);
    expect(log.countOf('face')).toBe(0);
    expect(log.sources).toEqual([]);
    expect(log.drain()).toBeUndefined();
    expect(await log.toArray()).toEqual([]);
    expect(await log.series('face', 'score')).toEqual({
      tNs: new Float64Array(0),
      values: new Float64Array(0),
    });
  });

  it('counts by module and names modules as they were first seen', async () => {
    await using log = new ObservationLog();
    for (const index of [1, 0, 2, 4]) log.append(observationOf(index));
    expect(log.count).toBe(4);
    expect(log.countOf('face')).toBe(3);
    expect(log.countOf('smile')).toBe(1);
    expect(log.sources).toEqual(['smile', 'face']);
  });

  it('filters by module and time, with the end exclusive', async () => {
    await using log = new ObservationLog();
    for (let index = 0; index < 20; index++) log.append(observationOf(index));
    expect(await frameIdsOf(log.observations({ source: 'face' }))).toHaveLength(10);
    expect(await frameIdsOf(log.observations({ source: 'smile', fromNs: 300, toNs: 600 }))).toEqual(
      [3, 4, 5],
    );
    expect(await frameIdsOf(log.observations({ source: 'nobody' }))).toEqual([]);
  });

  it('gives a signal as a series: booleans as 0 and 1, without texts and gaps', async () => {
    await using log = new ObservationLog();
    for (let index = 0; index < 6; index++) log.append(observationOf(index));
    log.append(observationOf(6, { signals: {} }));
    log.append(observationOf(8, { signals: { score: NaN } }));
    expect(await log.series('face', 'score')).toEqual({
      tNs: Float64Array.of(0, 100, 200, 400),
      values: Float64Array.of(0, 1, 2, NaN),
    });
    expect((await log.series('smile', 'isSmiling')).values).toEqual(Float64Array.of(1, 0, 1));
    expect((await log.series('face', 'label')).values).toHaveLength(0);
    expect((await log.series('face', 'toString')).values).toHaveLength(0);
  });

  it('never moves anything with an infinite budget', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: Infinity, folder });
    await fill(log, large(1000));
    expect(log.isSpilled).toBe(false);
  });

  it.each([
    [{ maxMemoryBytes: -1 }, RangeError, 'The `maxMemoryBytes` option'],
    [{ maxMemoryBytes: NaN }, RangeError, 'got NaN'],
    [{ folder: '' }, TypeError, 'The `folder` option'],
  ])('refuses the options %o by name', (options, kind, message) => {
    expect(() => new ObservationLog(options)).toThrow(kind);
    expect(() => new ObservationLog(options)).toThrow(message);
  });
});

describe('ObservationLog beyond its budget', () => {
  it('keeps 200,000 observations in order in a bounded heap', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heapBytes = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    await using log = new ObservationLog({ maxMemoryBytes: MIB, folder });
    const before = heapBytes();
    for (let index = 0; index < 200_000; index++) {
      log.append(observationOf(index));
      const draining = log.drain();
      if (draining !== undefined) await draining;
    }
    expect(log.isSpilled).toBe(true);
    expect(log.memoryBytes).toBeLessThanOrEqual(MIB);
    expect(heapBytes() - before).toBeLessThan(8 * MIB);

    let index = 0;
    let largest = 0;
    for await (const observation of log.observations()) {
      if (index % 50_000 === 0) largest = Math.max(largest, heapBytes() - before);
      const { source, frameId } = observationOf(index++);
      if (observation.source !== source || observation.frameId !== frameId) break;
    }
    expect(index).toBe(200_000);
    expect(largest).toBeLessThan(8 * MIB);
    const { values } = await log.series('smile', 'score');
    expect(values).toEqual(Float64Array.from({ length: 100_000 }, (_, at) => at + 0.5));
  });

  it('gives back from the file what equals the original bit for bit', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: 0, folder });
    const rich = observationOf(0, {
      data: { points: new Float64Array([NaN, -0, Infinity]).subarray(1), map: new Map([[1n, -0]]) },
      metadata: {
        trigger: Trigger.point({ eventTimeNs: 7, preSec: 1, postSec: 1, label: 'smile' }),
        none: undefined,
      },
      timing: { total: 1.5 },
    });
    await fill(log, [rich, ...large(50, 1)]);
    expect(log.isSpilled).toBe(true);
    const [back] = await log.toArray({ toNs: 1 });
    expect(back).not.toBe(rich);
    deepStrictEqual(back, rich);
    expect(back?.metadata['trigger']).toBeInstanceOf(Trigger);
  });

  it('asks to wait only when there is something to move', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: 100_000, folder });
    for (const observation of large(50)) log.append(observation);
    expect(log.drain()).toBeUndefined();
    for (const observation of large(200)) log.append(observation);
    const draining = log.drain();
    expect(draining).toBeInstanceOf(Promise);
    expect(log.drain()).toBe(draining);
    await draining;
    expect(log.drain()).toBeUndefined();
    expect(log.memoryBytes).toBeLessThanOrEqual(100_000);
  });

  it('lets the event loop turn while it writes', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: MIB, folder });
    for (const observation of large(5000)) log.append(observation);
    let turnCount = 0;
    let isDone = false;
    const turn = (): void => {
      turnCount++;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    await log.drain();
    isDone = true;
    expect(turnCount).toBeGreaterThan(5);
  });

  it('keeps the file private', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: 0, folder });
    await fill(log, large(50));
    const [own] = await spillFolders();
    const [file] = await readdir(join(folder, own!));
    expect((await stat(join(folder, own!))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, own!, file!))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, own!, file!))).size).toBe(log.spilledBytes);
  });

  it('serves several readers at once', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: 64 * 1024, folder });
    await fill(log, large(400));
    const expected = Array.from({ length: 200 }, (_, index) => index);
    const readers = ['face', 'smile', 'face', 'smile'].map((source) =>
      frameIdsOf(log.observations({ source })),
    );
    for (const frameIds of await Promise.all(readers)) expect(frameIds).toEqual(expected);
  });

  it('shows a reader what was there when it started, though it moves meanwhile', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: 64 * 1024, folder });
    const early = large(60);
    for (const observation of early) log.append(observation);
    const reader = log.observations();
    const late = large(60, 60);
    const back: Observation[] = [];
    for await (const observation of reader) {
      back.push(observation);
      const next = late.shift();
      if (next !== undefined) await fill(log, [next]);
    }
    expect(log.isSpilled).toBe(true);
    deepStrictEqual(back, early);
    expect(await log.toArray()).toHaveLength(120);
  });

  it('lets a reader stop early', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: 0, folder });
    await fill(log, large(100));
    for await (const observation of log.observations()) {
      if (observation.frameId === 10) break;
    }
    expect(await log.toArray()).toHaveLength(100);
  });

  it('keeps in memory, in its place and counted, what cannot be written', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: 0, folder });
    const render = (): string => 'a picture';
    const observations = large(100).map((observation, index) =>
      index % 10 === 3 ? { ...observation, metadata: { render } } : observation,
    );
    await fill(log, observations);
    const back = await log.toArray();
    deepStrictEqual(back, observations);
    expect(back[3]).toBe(observations[3]);
    expect(log.unspillableCount).toBeGreaterThan(0);
    expect(log.unspillableCount).toBeLessThanOrEqual(10);
    expect(log.isSpilled).toBe(true);
  });

  it('comes to rest when nothing can be written', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: 20_000, folder });
    const observations = large(100).map((observation) => ({ ...observation, data: () => 1 }));
    await fill(log, observations);
    await fill(
      log,
      large(200).map((each) => ({ ...each, data: { each: new WeakMap() } })),
    );
    expect(log.drain()).toBeUndefined();
    expect(log.isSpilled).toBe(false);
    expect(await spillFolders()).toEqual([]);
    expect(await log.toArray()).toHaveLength(300);
  });
});

describe('ObservationLog when the disk fails', () => {
  it.each([
    ['does not exist', (path: string) => Promise.resolve(path), 'ENOENT'],
    ['is a file', (path: string) => writeFile(path, 'x').then(() => path), 'ENOTDIR'],
  ])('tells that the folder %s, and keeps everything', async (_what, make, reason) => {
    const bad = await make(join(folder, 'bad'));
    await using log = new ObservationLog({ maxMemoryBytes: 20_000, folder: bad });
    const observations = large(100);
    for (const observation of observations) log.append(observation);
    const failure: unknown = await log.drain()?.catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'VP_LOG_WRITE_FAILED',
      details: { path: bad, maxMemoryBytes: 20_000 },
      cause: { code: reason },
    });
    expect(String(failure)).toContain(reason);
    expect(String(failure)).toMatch(/TMPDIR/);
    log.append(observationOf(100));
    await expect(log.drain()).rejects.toBe(failure);
    deepStrictEqual(await log.toArray(), [...observations, observationOf(100)]);
  });

  it('tells that the file was cut short', async () => {
    await using log = new ObservationLog({ maxMemoryBytes: 0, folder });
    await fill(log, large(100));
    const [own] = await spillFolders();
    await truncate(join(folder, own!, 'observations.bin'), log.spilledBytes - 10);
    await expect(log.toArray()).rejects.toMatchObject({
      code: 'VP_LOG_READ_FAILED',
      message: expect.stringContaining(folder),
      cause: { code: 'VP_OBSERVATION_CORRUPT' },
    });
    // What lies before the damage is still there.
    expect(await log.toArray({ source: 'face', toNs: 100 })).toHaveLength(1);
  });
});

describe('ObservationLog.close', () => {
  it('removes the file and its folder, once', async () => {
    const log = new ObservationLog({ maxMemoryBytes: 0, folder });
    const exitListenerCount = process.listenerCount('exit');
    await fill(log, large(100));
    expect(await spillFolders()).toHaveLength(1);
    const closing = log.close();
    expect(log.close()).toBe(closing);
    await closing;
    await log[Symbol.asyncDispose]();
    expect(await spillFolders()).toEqual([]);
    expect(process.listenerCount('exit')).toBe(exitListenerCount);
  });

  it('leaves the folder of another log alone', async () => {
    await using other = new ObservationLog({ maxMemoryBytes: 0, folder });
    await fill(other, large(100));
    const log = new ObservationLog({ maxMemoryBytes: 0, folder });
    await fill(log, large(100));
    await log.close();
    expect(await spillFolders()).toHaveLength(1);
    expect(await other.toArray()).toHaveLength(100);
  });

  it('makes every use an error, but leaves the figures', async () => {
    const log = new ObservationLog({ folder });
    log.append(observationOf(0));
    const reader = log.observations();
    await log.close();
    const closed = expect.objectContaining({
      code: 'VP_CLOSED',
      message: expect.stringMatching(/^The observation log was closed/),
    });
    expect(() => log.append(observationOf(1))).toThrow(closed);
    expect(() => log.drain()).toThrow(closed);
    expect(() => log.observations()).toThrow(closed);
    await expect(log.toArray()).rejects.toEqual(closed);
    await expect(log.series('face', 'score')).rejects.toEqual(closed);
    await expect(reader.next()).rejects.toEqual(closed);
    expect(log.count).toBe(1);
    expect(log.sources).toEqual(['face']);
  });

  it('waits for what is being written', async () => {
    const log = new ObservationLog({ maxMemoryBytes: 20_000, folder });
    for (const observation of large(1000)) log.append(observation);
    const draining = log.drain();
    await log.close();
    await draining;
    expect(await spillFolders()).toEqual([]);
  });

  it('ends a reader that is under way', async () => {
    const log = new ObservationLog({ maxMemoryBytes: 0, folder });
    await fill(log, large(100));
    const reader = log.observations();
    await reader.next();
    const isClosed = expect.objectContaining({ code: 'VP_CLOSED' });
    const pending = expect(log.observations({ fromNs: 1000 }).next()).rejects.toEqual(isClosed);
    await log.close();
    await expect(reader.next()).rejects.toEqual(isClosed);
    await pending;
  });

  it('writes nothing readable once it is gone', async () => {
    const log = new ObservationLog({ maxMemoryBytes: 0, folder });
    await fill(log, large(100));
    const [own] = await spillFolders();
    await log.close();
    await expect(readFile(join(folder, own!, 'observations.bin'))).rejects.toThrow('ENOENT');
  });
});
