import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expandBraces, matchesWildcard } from '../../src/plugin/wildcard.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), maxLength: 12 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });

it('matches exactly what the same pattern as a regular expression matches', () => {
  fc.assert(
    fc.property(text, pattern, (name, wildcard) => {
      const source = wildcard.replaceAll('.', '\\.').replace(/\*+/g, '.*').replaceAll('?', '.');
      expect(matchesWildcard(name, wildcard)).toBe(new RegExp(`^${source}$`).test(name));
    }),
    { numRuns: 2000 },
  );
});

it('takes no more time for many stars than for one', () => {
  expect(matchesWildcard('a'.repeat(5000), `${'a*'.repeat(200)}b`)).toBe(false);
});

it.each([
  ['plain', ['plain']],
  ['{a,b}', ['a', 'b']],
  ['x-{a,b}/{c,d}', ['x-a/c', 'x-b/c', 'x-a/d', 'x-b/d']],
  ['{a,{b,c}}', ['a', 'b', 'a', 'c']],
  ['{a}', ['{a}']],
  ['{a,', ['{a,']],
])('expands the braces of %s', (braces, expected) => {
  expect([...expandBraces(braces, 100)].sort()).toEqual([...expected].sort());
});

it('stops at the limit however many combinations the braces have', () => {
  expect(expandBraces('{a,b}'.repeat(60), 100)).toHaveLength(100);
});
