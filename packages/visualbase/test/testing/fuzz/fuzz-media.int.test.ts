import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeCase } from '../../../src/testing/fuzz/fuzz-case.ts';
import { fuzzMedia, isBug } from '../../../src/testing/fuzz/fuzz-media.ts';
import { fuzzTable } from '../../../src/testing/fuzz/fuzz-table.ts';
import { MUTATION_KINDS } from '../../../src/testing/fuzz/mutations.ts';
import { runPlan } from '../../../src/testing/fuzz/run-plan.ts';
import { makeSeeds, type SeedVideo } from '../../../src/testing/fuzz/seed-videos.ts';
import { useTempFolder } from '../../source/read-source.ts';

const at = useTempFolder();

describe('damaged videos', () => {
  it('end in frames, counted damage or an error with a code, and never otherwise', async () => {
    const results = await fuzzMedia({ runs: 96, seed: 2026, keepIn: at('found') });
    expect(results.filter(({ outcome }) => isBug(outcome))).toEqual([]);
    // Damage that nothing notices would test nothing.
    const noticed = results.filter(({ outcome }) => outcome !== 'ok');
    expect(noticed.length).toBeGreaterThan(30);
    expect(new Set(results.map(({ seedName }) => seedName)).size).toBe(24);
    expect(existsSync(at('found'))).toBe(false);
  }, 120_000);

  it('are the same for the same seed, and differ from the file they come from', () => {
    const seeds: readonly SeedVideo[] = ['a.mp4', 'b.avi'].map((name, i) => ({
      name,
      bytes: Buffer.alloc(3000, i + 1),
    }));
    const kinds = new Set<string>();
    for (let index = 0; index < 200; index++) {
      const made = makeCase(7, index, seeds);
      expect(makeCase(7, index, seeds)).toEqual(made);
      kinds.add(made.kind);
    }
    expect([...kinds].sort()).toEqual([...MUTATION_KINDS].sort());
    expect(makeCase(8, 0, seeds)).not.toEqual(makeCase(7, 0, seeds));
    expect(seeds[0]!.bytes.every((byte) => byte === 1)).toBe(true);
  });

  it('come from videos that are whole', async () => {
    const names = ['av1.mp4', 'vp8-sound.webm', 'mpeg2.ts', 'h264-turned.mp4'];
    for (const { name } of await makeSeeds(at(''), names)) {
      const clip = { startNs: 1e8, endNs: 3e8 };
      expect(await runPlan({ path: at(name), options: {}, clip })).toEqual({
        outcome: 'ok',
        detail: '',
      });
    }
  });

  it('are counted by kind and file', () => {
    const facts = { detail: '', keptAt: undefined, alone: undefined, isolated: undefined };
    const table = fuzzTable(
      [
        { index: 0, kind: 'truncate', seedName: 'a.mp4', outcome: 'ok', ...facts },
        { index: 1, kind: 'truncate', seedName: 'b.mp4', outcome: 'crash', ...facts },
      ],
      'kind',
    );
    expect(table.split('\n').map((line) => line.split(/ +/))).toEqual([
      ['mutation', 'ok', 'damaged', 'error', 'untyped', 'wrong', 'crash', 'hang', 'too-big'],
      ['truncate', '1', '0', '0', '0', '0', '1', '0', '0'],
      ['all', '1', '0', '0', '0', '0', '1', '0', '0'],
    ]);
  });
});
