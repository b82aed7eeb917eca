import { lines } from './layout.ts';
import {
  CLAMP,
  LUMA_INTERFACE,
  measureBody,
  measureParameters,
  measureResult,
} from './measure-template.ts';
import { readingsOf, type TemplateInput } from './template-input.ts';

/** The file that computes and knows nothing of observations. */
export function backendTemplate({ names, dependencies }: TemplateInput): string {
  const hasBox = readingsOf(dependencies).some(({ boxes }) => boxes !== undefined);
  return lines(
    `import type { ${hasBox ? 'Frame, PixelBox' : 'Frame'} } from 'vpx-sdk';`,
    '',
    LUMA_INTERFACE,
    '',
    '/**',
    ` * The computing of ${names.name}, apart from what becomes of it. A network would be loaded in`,
    ' * `open`, run in `measure` and given back in `close`: see `InferenceEngine` of vpx-sdk.',
    ' */',
    `export class ${names.pascal}Backend {`,
    '  /** How many pixels have each luma. */',
    '  readonly #histogram = new Uint32Array(256);',
    '',
    '  private constructor() {}',
    '',
    '  /** Acquires what is needed for as long as the module runs. */',
    `  static async open(): Promise<${names.pascal}Backend> {`,
    `    return new ${names.pascal}Backend();`,
    '  }',
    '',
    hasBox
      ? '  /** Measures a picture, or the part of it in a box; undefined if none of the box is in the picture. */'
      : '  /** Measures a picture. */',
    `  measure(${measureParameters(hasBox)}): ${measureResult(hasBox)} {`,
    measureBody('    ', hasBox, 'this.#histogram'),
    '  }',
    '',
    '  /** Gives everything back. */',
    '  async close(): Promise<void> {',
    '    this.#histogram.fill(0);',
    '  }',
    '}',
    hasBox && `\n${CLAMP}`,
    '',
  );
}
