import { describe, expect, it } from 'vitest';
import { parseOptionFlag, sortOptions } from '../../src/cli/module-options.ts';
import { parseModuleNames } from '../../src/cli/open-modules.ts';

describe('parseOptionFlag', () => {
  it.each<[string, string, unknown]>([
    ['face.detect.mesh=true', 'face.detect.mesh', true],
    ['face.detect.range=short', 'face.detect.range', 'short'],
    ['a.b.size=5', 'a.b.size', 5],
    ['a.b.size="5"', 'a.b.size', '5'],
    ['a.b.list=[1,2]', 'a.b.list', [1, 2]],
    ['a.b.text=x=y', 'a.b.text', 'x=y'],
    ['a.b.text=', 'a.b.text', ''],
  ])('reads %j', (text, key, value) => expect(parseOptionFlag(text)).toEqual({ key, value }));

  it.each(['', 'x', '=5', 'mesh=true', 'a.b.=1', 'a.b.0x=1', 'a.b.__proto__=1', 'a b.c=1'])(
    'refuses %j',
    (text) => expect(() => parseOptionFlag(text)).toThrow(RangeError),
  );
});

describe('sortOptions', () => {
  it('gives each module its own, the last of several', () => {
    const flags = ['a.b.x=1', 'a.b.c.y=2', 'a.b.x=3'].map(parseOptionFlag);
    const sorted = sortOptions(flags, ['a.b', 'a.b.c']);
    expect(sorted).toEqual(
      new Map([
        ['a.b', new Map([['x', 3]])],
        ['a.b.c', new Map([['y', 2]])],
      ]),
    );
  });

  it('refuses options of modules that do not run', () => {
    expect(() => sortOptions([{ key: 'a.c.x', value: 1 }], ['a.b'])).toThrow('There is: a.b.');
  });
});

describe('parseModuleNames', () => {
  it('takes names apart, each once', () => {
    expect(parseModuleNames(' a.b, c.d,,a.b')).toEqual(['a.b', 'c.d']);
  });

  it('wants at least one', () => {
    expect(() => parseModuleNames(' , ')).toThrow(RangeError);
  });
});
