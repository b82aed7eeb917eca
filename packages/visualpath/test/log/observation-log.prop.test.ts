import { deepStrictEqual } from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ObservationLog } from '../../src/log/observation-log.ts';

const source = fc.constantFrom('a', 'b', 'c');
const tNs = fc.integer({ min: 0, max: 20 });
const observation = fc.record({
  source,
  frameId: fc.nat(),
  tNs,
  signals: fc.dictionary(
    fc.constantFrom('score', 'is_on'),
    fc.oneof(fc.double(), fc.boolean(), fc.string()),
  ),
  // A chunk is at least 16 KiB: a few of these.
  data: fc.integer({ min: 0, max: 12_000 }).map((length) => new Uint8Array(length).fill(length)),
  metadata: fc.constantFrom<Readonly<Record<string, unknown>>[]>({}, { why: () => 'unspillable' }),
});
const filter = fc.record({ source, fromNs: tNs, toNs: tNs }, { requiredKeys: [] });

describe('ObservationLog', () => {
  it('gives back what an array would, whatever part of it is in the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'visualpath test '));
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(observation, { maxLength: 40 }),
          fc.integer({ min: 0, max: 200_000 }),
          filter,
          async (observations, maxMemoryBytes, wanted) => {
            await using log = new ObservationLog({ maxMemoryBytes, folder });
            for (const each of observations) {
              log.append(each);
              await log.drain();
            }
            const { fromNs = 0, toNs = Infinity } = wanted;
            const expected = observations.filter(
              (each) =>
                (wanted.source === undefined || each.source === wanted.source) &&
                each.tNs >= fromNs &&
                each.tNs < toNs,
            );
            deepStrictEqual(await log.toArray(wanted), expected);
            if (log.unspillableCount === 0) {
              expect(log.memoryBytes).toBeLessThanOrEqual(Math.max(maxMemoryBytes, 16 * 1024));
            }

            const scores = observations.filter(
              (each) =>
                each.source === 'a' &&
                !['string', 'undefined'].includes(typeof each.signals['score']),
            );
            deepStrictEqual(await log.series('a', 'score'), {
              tNs: Float64Array.from(scores, (each) => each.tNs),
              values: Float64Array.from(scores, (each) => Number(each.signals['score'])),
            });
          },
        ),
      );
      expect(await readdir(folder)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
