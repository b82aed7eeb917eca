import type { FoundDependency } from '../find-dependencies.ts';
import type { PluginNames } from '../plugin-names.ts';

/** What the templates are filled with. */
export interface TemplateInput {
  readonly names: PluginNames;
  readonly dependencies: readonly FoundDependency[];
  /** Whether what computes is in a file of its own. */
  readonly hasBackend: boolean;
}

/** What a dependency adds to the module. */
export interface Reading {
  readonly dependency: string;
  /** Name of the signal. */
  readonly signal: string;
  /** Name of the variable. */
  readonly variable: string;
  /** Things with boxes that it finds, the main one first; undefined if its data is not known. */
  readonly boxes: { readonly list: string; readonly word: string } | undefined;
}

/** Modules whose data has boxes; their types come with vpx-sdk. */
const WITH_BOXES: Readonly<Record<string, NonNullable<Reading['boxes']>>> = {
  'face.detect': { list: 'faces', word: 'face' },
  'hand.gesture': { list: 'hands', word: 'hand' },
  'body.pose': { list: 'poses', word: 'body' },
};

/** Modules whose data `ModuleOutputs` of vpx-sdk has. */
export const TYPED_BY_SDK = [...Object.keys(WITH_BOXES), 'face.expression'];

/** What is read of each dependency: the brightness where something was found, or how many signals there are. */
export const readingsOf = (dependencies: readonly FoundDependency[]): readonly Reading[] =>
  dependencies.map(({ name, from }) => {
    const boxes = from === undefined ? undefined : WITH_BOXES[name];
    const words = name.split(/[._-]/);
    const variable = words.map((word, i) => (i === 0 ? word : capital(word))).join('');
    return {
      dependency: name,
      signal: boxes ? `${boxes.word}_brightness` : `${words.join('_')}_signal_count`,
      variable: boxes ? boxes.word : `${variable}Signals`,
      boxes,
    };
  });

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
