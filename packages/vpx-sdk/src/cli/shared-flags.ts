import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { parseOptionFlag, type OptionFlag } from './module-options.ts';

/** `--option` of a command that makes modules. */
export const moduleOption = new Option(
  '--option <module.name=value>',
  'an option of a module; may be repeated',
)
  .argParser(collect)
  .default([] as readonly OptionFlag[], 'none');

function collect(text: string, before: readonly OptionFlag[]): readonly OptionFlag[] {
  try {
    return [...before, parseOptionFlag(text)];
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** Says something on stderr, in the name of the command. */
export const note = (text: string): void => console.error(`vpx: ${text}`);

/** Warns of marks that cannot be drawn, once a module. */
export function badMarkWarner(): (bad: { module: string; index: number; fault: string }) => void {
  const warned = new Set<string>();
  return ({ module, index, fault }) => {
    if (warned.has(module)) return;
    warned.add(module);
    note(`mark ${index} of ${module} ${fault}; such marks are left out`);
  };
}
