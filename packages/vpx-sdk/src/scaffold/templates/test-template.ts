import { importOf, lines, list } from './layout.ts';
import { readingsOf, type Reading, type TemplateInput } from './template-input.ts';

/**
 * The tests of the module.
 *
 * @param moduleFile - Path to import the module from.
 * @param isRegistered - Whether it is registered at run time, and not declared in a package.json.
 */
export function testTemplate(
  { names, dependencies }: TemplateInput,
  { moduleFile, isRegistered }: { moduleFile: string; isRegistered: boolean },
): string {
  const readings = readingsOf(dependencies);
  const boxes = readings.filter((reading) => reading.boxes !== undefined);
  const analyzer = `${names.pascal}Analyzer`;
  return lines(
    "import { describe, expect, it } from 'vitest';",
    isRegistered && "import { PluginRegistry } from 'visualpath';",
    importOf(
      [
        'assertObservation',
        'assertSignals',
        'describePlugin',
        'FakeFrame',
        'observeFrames',
        ...(readings.length > 0 ? ['type FakeObservations'] : []),
        'type FakePixels',
      ],
      'vpx-sdk/testing',
    ),
    `import { ${analyzer} } from '${moduleFile}';`,
    '',
    readings.length > 0 && observationsOf(readings),
    isRegistered &&
      lines(
        'const registry = new PluginRegistry();',
        list(0, 'registry.register(', [`'${names.name}'`, analyzer], ');'),
        '',
      ),
    'describePlugin(',
    `  '${names.name}',`,
    '  {',
    ...(isRegistered
      ? [`    name: '${names.name}',`, '    registry,']
      : [
          `    create: () => new ${analyzer}(),`,
          "    packageJson: new URL('../package.json', import.meta.url),",
        ]),
    readings.length > 0 && '    observations,',
    '    requireAllSignals: true,',
    '  },',
    '  { describe, it },',
    ');',
    '',
    'async function look(pixels: FakePixels) {',
    '  const frame = FakeFrame.make({ width: 64, height: 48, pixels });',
    `  const module = new ${analyzer}();`,
    readings.length > 0
      ? '  const [seen] = await observeFrames(module, [frame], { observations });'
      : '  const [seen] = await observeFrames(module, [frame]);',
    '  return seen;',
    '}',
    '',
    `describe('${analyzer}', () => {`,
    "  it('tells how bright a picture is', async () => {",
    "    const black = await look({ kind: 'solid', color: [0, 0, 0] });",
    '    assertSignals(black, { brightness: 0, contrast: 0 });',
    "    const white = await look({ kind: 'solid', color: [255, 255, 255] });",
    '    assertSignals(white, { brightness: 1, contrast: 0 });',
    '  });',
    '',
    "  it('tells a flat picture from one that is half black, half white', async () => {",
    "    const halves = await look({ kind: 'checkerboard', squarePx: 8 });",
    '    assertSignals(halves, { brightness: 0.5, contrast: 0.5 });',
    '  });',
    ...boxes.flatMap(({ boxes: found, signal }) => [
      '',
      `  it('tells how bright the main ${found!.word} is', async () => {`,
      "    const picture = await look({ kind: 'gradient', to: [200, 200, 200] });",
      `    assertSignals(picture, { ${signal}: 0.093 }, { tolerance: 0.002 });`,
      '  });',
    ]),
    '',
    "  it('draws the brightness as a bar', async () => {",
    "    const grey = await look({ kind: 'solid', color: [51, 51, 51] });",
    '    assertObservation(grey);',
    `    const [bar] = new ${analyzer}().annotate(grey);`,
    "    expect(bar).toMatchObject({ kind: 'bar', value: 0.2 });",
    '  });',
    '});',
    '',
  );
}

/** What the dependencies are said to have seen: things at the left, where a gradient is dark. */
const observationsOf = (readings: readonly Reading[]): string =>
  lines(
    '/** What the modules it depends on are said to have seen. */',
    'const observations = (): FakeObservations => ({',
    ...readings.map(({ dependency, boxes }) =>
      boxes
        ? lines(
            `  '${dependency}': {`,
            '    signals: {},',
            `    data: { ${boxes.list}: [{ box: { space: 'px', x1: 0, y1: 0, x2: 16, y2: 24 } }] },`,
            '  },',
          )
        : `  '${dependency}': { signals: { count: 1 } },`,
    ),
    '});',
    '',
  );
