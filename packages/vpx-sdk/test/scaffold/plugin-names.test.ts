import { describe, expect, it } from 'vitest';
import { dependencyNames, pluginNames } from '../../src/scaffold/plugin-names.ts';

describe('pluginNames', () => {
  it('works out what follows from the name of a module', () => {
    expect(pluginNames('scene.shot-change')).toEqual({
      name: 'scene.shot-change',
      domain: 'scene',
      action: 'shot-change',
      kebab: 'scene-shot-change',
      snake: 'scene_shot_change',
      pascal: 'SceneShotChange',
      packageName: 'vpx-scene-shot-change',
    });
  });

  it.each([
    'brightness',
    'Scene.brightness',
    'scene.',
    '.brightness',
    'scene.a.b',
    'scene.-a',
    'scene.1a',
    '../evil.name',
    `scene.${'a'.repeat(100)}`,
  ])('refuses %s, with an example', (name) => {
    expect(() => pluginNames(name)).toThrow(RangeError);
    expect(() => pluginNames(name)).toThrow(/such as scene\.brightness; got/);
  });
});

describe('dependencyNames', () => {
  it('reads a list, each name once', () => {
    expect(dependencyNames('face.detect, hand.gesture,face.detect', 'a.b')).toEqual([
      'face.detect',
      'hand.gesture',
    ]);
  });

  it('refuses names that cannot be one, and the module itself', () => {
    expect(() => dependencyNames('face', 'a.b')).toThrow(RangeError);
    expect(() => dependencyNames('face.detect,', 'a.b')).toThrow(RangeError);
    expect(() => dependencyNames('a.b', 'a.b')).toThrow('a.b cannot depend on itself');
  });
});
