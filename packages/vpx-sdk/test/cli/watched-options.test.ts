import { describe, expect, it } from 'vitest';
import { WatchedOptions } from '../../src/cli/watched-options.ts';

const watch = (given: Record<string, unknown>) =>
  new WatchedOptions(new Map(Object.entries(given)));

describe('WatchedOptions', () => {
  it('knows which options were read, and which were looked for', () => {
    const watched = watch({ mesh: true, mash: 1 });
    const { mesh, range = 'full', maxFaces = 8 } = watched.options;
    expect([mesh, range, maxFaces]).toEqual([true, 'full', 8]);
    expect(watched.unread).toEqual(['mash']);
    expect(watched.asked).toEqual(['maxFaces', 'range']);
  });

  it('is an object like others', () => {
    const watched = watch({ a: 1, b: [2] });
    expect({ ...watched.options }).toEqual({ a: 1, b: [2] });
    expect(watched.unread).toEqual([]);
    expect(structuredClone(watched.options)).toEqual({ a: 1, b: [2] });
    expect(JSON.stringify(watched.options)).toBe('{"a":1,"b":[2]}');
    expect('c' in watched.options).toBe(false);
    expect(Object.hasOwn(watched.options, 'a')).toBe(true);
  });

  it('waits for nothing when it is returned from asynchronous code', async () => {
    const watched = watch({ a: 1 });
    await Promise.resolve(watched.options);
    expect(watched.asked).toEqual([]);
  });
});
