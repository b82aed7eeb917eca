import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildConflictIsolation,
  checkCompatibility,
  defineModule,
  isolationLevelOf,
  type AnyModule,
  type ModuleCapabilities,
} from '../../src/index.ts';

const module = (name: string, capabilities: Omit<ModuleCapabilities, 'flags'>): AnyModule =>
  defineModule({ name, capabilities: { flags: [], ...capabilities }, process: () => undefined });

const user = (name: string, ...resourceGroups: string[]) => module(name, { resourceGroups });

describe('checkCompatibility', () => {
  it('finds nothing where every resource has one user', () => {
    const report = checkCompatibility([user('a', 'gpu-0'), user('b', 'gpu-1'), user('c')]);
    expect(report).toEqual({ isCompatible: true, issues: [] });
  });

  it('finds two users of a resource in one process, not in two', () => {
    const modules = [user('a', 'gpu-0'), user('b', 'gpu-0')];
    expect(checkCompatibility(modules).issues).toMatchObject([
      { kind: 'resource-conflict', modules: ['a', 'b'] },
    ]);
    const isolation = { overrides: { b: 'process' } } as const;
    expect(checkCompatibility(modules, { isolation }).isCompatible).toBe(true);
    // A thread is in the same process.
    expect(
      checkCompatibility(modules, { isolation: { defaultLevel: 'thread' } }).isCompatible,
    ).toBe(false);
  });

  it('adds up the GPU memory that modules need', () => {
    const modules = [module('a', { gpuMemoryMb: 3000 }), module('b', { gpuMemoryMb: 2000 })];
    expect(checkCompatibility(modules, { gpuMemoryMb: 4096 }).issues).toMatchObject([
      { kind: 'gpu-memory', message: expect.stringContaining('5000 MB') as string },
    ]);
    expect(checkCompatibility(modules, { gpuMemoryMb: 5000 }).isCompatible).toBe(true);
    expect(checkCompatibility(modules).isCompatible).toBe(true);
  });

  it('keeps modules that cannot be elsewhere from going to another host', () => {
    const near = defineModule({
      name: 'near',
      capabilities: { flags: ['NEEDS_ZERO_COPY'] },
      process: () => undefined,
    });
    const isolation = { overrides: { near: 'remote' } } as const;
    const kinds = checkCompatibility([near], { isolation }).issues.map(({ kind }) => kind);
    expect(kinds).toEqual(['zero-copy', 'cross-host']);
  });
});

describe('buildConflictIsolation', () => {
  it('moves all but the first user of a resource, and keeps what was asked for', () => {
    const modules = [user('a', 'gpu-0'), user('b', 'gpu-0'), user('c', 'x'), user('d', 'x')];
    const base = { overrides: { c: 'venv' }, venvPaths: { c: '/opt/c' } } as const;
    expect(buildConflictIsolation(modules, base)).toEqual({
      overrides: { b: 'process', c: 'venv' },
      venvPaths: { c: '/opt/c' },
    });
  });

  it('gives the base itself where nothing has to move', () => {
    const base = { defaultLevel: 'inline' } as const;
    expect(buildConflictIsolation([user('a', 'gpu-0')], base)).toBe(base);
    expect(buildConflictIsolation([user('a')])).toBeUndefined();
  });

  it('leaves no conflict, whatever the modules', () => {
    const groups = fc.array(fc.constantFrom('r', 's', 't', 'u'), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(groups, { maxLength: 8 }), (all) => {
        const modules = all.map((one, i) => user(`m${i}`, ...one));
        const isolation = buildConflictIsolation(modules);
        expect(checkCompatibility(modules, { isolation }).issues).toEqual([]);
      }),
    );
  });
});

describe('isolationLevelOf', () => {
  it('takes the override, then the default, then inline', () => {
    const config = { defaultLevel: 'thread', overrides: { a: 'venv' } } as const;
    expect(isolationLevelOf(config, 'a')).toBe('venv');
    expect(isolationLevelOf(config, 'b')).toBe('thread');
    expect(isolationLevelOf(undefined, 'b')).toBe('inline');
  });

  it('does not take what every object has for an override', () => {
    expect(isolationLevelOf({ overrides: {} }, 'constructor')).toBe('inline');
  });
});
