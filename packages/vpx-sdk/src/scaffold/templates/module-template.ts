import { importOf, lines, list } from './layout.ts';
import {
  CLAMP,
  LUMA_INTERFACE,
  measureBody,
  measureParameters,
  measureResult,
} from './measure-template.ts';
import { readingsOf, TYPED_BY_SDK, type Reading, type TemplateInput } from './template-input.ts';

/**
 * The file of the module.
 *
 * @param backendFile - Path to import the backend from.
 * @param typesFrom - Packages whose types of what dependencies give are needed.
 */
export function moduleTemplate(
  input: TemplateInput,
  { backendFile, typesFrom }: { backendFile: string; typesFrom: readonly string[] },
): string {
  const { names, dependencies, hasBackend } = input;
  const readings = readingsOf(dependencies);
  const hasBox = readings.some(({ boxes }) => boxes !== undefined);
  const data = `${names.pascal}Data`;
  return lines(
    importOf(
      [
        'Module',
        ...(hasBackend ? ['VisualError'] : []),
        ...(readings.length > 0 ? ['type DepsOf'] : []),
        'type Frame',
        'type Mark',
        'type ModuleCapabilities',
        'type Observation',
        'type ObservationInit',
        ...(hasBox && !hasBackend ? ['type PixelBox'] : []),
        'type PortSchema',
      ],
      'vpx-sdk',
    ),
    ...typesFrom.map((name) => `import type {} from '${name}';`),
    hasBackend && importOf([`${names.pascal}Backend`, 'type Luma'], backendFile),
    '',
    readings.length > 0 && list(0, 'const DEPENDS = [', readings.map(quoted), '] as const;'),
    readings.length > 0 && '',
    !hasBackend && `${LUMA_INTERFACE}\n`,
    `/** Data of an observation of \`${names.name}\`. */`,
    `export interface ${data} {`,
    '  /** Of the whole picture. */',
    '  readonly luma: Luma;',
    '}',
    '',
    '// Modules that depend on this one by name see its data typed.',
    "declare module 'visualpath' {",
    '  interface ModuleOutputs {',
    `    '${names.name}': ${data};`,
    '  }',
    '}',
    '',
    `/** The module \`${names.name}\`: how bright a picture is, and how much that varies in it. */`,
    `export class ${names.pascal}Analyzer extends Module<${data}> {`,
    `  readonly name = '${names.name}';`,
    readings.length > 0 && '  override readonly depends = DEPENDS;',
    "  override readonly capabilities: ModuleCapabilities = { flags: ['DETERMINISTIC', 'THREAD_SAFE'] };",
    '  override readonly portSchema: PortSchema = {',
    '    inputs: {},',
    '    outputs: {',
    "      brightness: 'number',",
    "      contrast: 'number',",
    ...readings.map(({ signal }) => `      ${signal}: 'number',`),
    '    },',
    '  };',
    hasBackend
      ? `  #backend: ${names.pascal}Backend | undefined;`
      : '  /** How many pixels have each luma. */\n  readonly #histogram = new Uint32Array(256);',
    '',
    hasBackend &&
      lines(
        '  override async initialize(): Promise<void> {',
        `    this.#backend = await ${names.pascal}Backend.open();`,
        '  }',
        '',
      ),
    processMethod(input, readings),
    hasBackend &&
      lines(
        '',
        '  override async cleanup(): Promise<void> {',
        '    const backend = this.#backend;',
        '    this.#backend = undefined;',
        '    await backend?.close();',
        '  }',
      ),
    '',
    annotateMethod(names.pascal),
    !hasBackend &&
      lines(
        '',
        hasBox
          ? '  /** Measures a picture, or the part of it in a box; undefined if none of the box is in the picture. */'
          : '  /** Measures a picture. */',
        `  #measure(${measureParameters(hasBox)}): ${measureResult(hasBox)} {`,
        measureBody('    ', hasBox, 'this.#histogram'),
        '  }',
      ),
    '}',
    !hasBackend && hasBox && `\n${CLAMP}`,
    '',
  );
}

/** Packages that type what dependencies give, other than vpx-sdk. */
export const typePackages = ({ dependencies }: TemplateInput): readonly string[] => [
  ...new Set(
    dependencies.flatMap(({ name, from }) =>
      from === undefined || TYPED_BY_SDK.includes(name) ? [] : [from.packageName],
    ),
  ),
];

const quoted = ({ dependency }: Reading): string => `'${dependency}'`;

function processMethod({ names, hasBackend }: TemplateInput, readings: readonly Reading[]): string {
  const hasBox = readings.some(({ boxes }) => boxes !== undefined);
  const measure = hasBackend ? 'backend.measure' : 'this.#measure';
  const parameters = ['frame: Frame'];
  if (readings.length > 0) parameters.push('deps: DepsOf<typeof DEPENDS>');
  const result = `ObservationInit<${names.pascal}Data>`;
  return lines(
    list(2, 'process(', parameters, `): ${result}${hasBox ? ' | undefined' : ''} {`),
    hasBackend &&
      lines(
        '    const backend = this.#backend;',
        '    if (backend === undefined) {',
        list(
          6,
          'throw new VisualError(',
          ["'VPX_NOT_INITIALIZED'", `'${names.name}: call initialize() before process().'`],
          ');',
        ),
        '    }',
      ),
    `    const luma = ${measure}(frame);`,
    hasBox && '    if (luma === undefined) return undefined;',
    ...readings.map(({ dependency, variable, boxes }) =>
      boxes
        ? lines(
            `    const ${variable}Box = deps['${dependency}'].data?.${boxes.list}[0]?.box;`,
            `    const ${variable} = ${variable}Box && ${measure}(frame, ${variable}Box);`,
          )
        : list(4, `const ${variable} = Object.keys(`, [`deps['${dependency}'].signals`], ');'),
    ),
    '    return {',
    '      signals: {',
    '        brightness: luma.mean,',
    '        contrast: luma.deviation,',
    ...readings.map(({ signal, variable, boxes }) =>
      boxes
        ? `        ...(${variable} && { ${signal}: ${variable}.mean }),`
        : `        ${signal}: ${variable}.length,`,
    ),
    '      },',
    '      data: { luma },',
    '    };',
    '  }',
  );
}

function annotateMethod(pascal: string): string {
  return lines(
    list(2, 'override annotate(', [`{ data }: Observation<${pascal}Data>`], '): readonly Mark[] {'),
    '    if (data === undefined) return [];',
    "    const at = { space: 'norm', x: 0.02, y: 0.05 } as const;",
    "    return [{ kind: 'bar', at, value: data.luma.mean, label: 'brightness' }];",
    '  }',
  );
}
