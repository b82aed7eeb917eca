import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What every module has, and modules for the tests of commands. None of them imports anything. */
const MODULES = `
class Base {
  depends = [];
  optionalDepends = [];
  stateful = false;
  capabilities = { flags: [] };
  portSchema = undefined;
  errorPolicy = undefined;
  initialize() {}
  warmup() {}
  process() {}
  processBatch(frames, deps, ctx) { return Promise.all(frames.map((f, i) => this.process(f, deps[i], ctx))); }
  reset() {}
  cleanup() {}
  annotate() { return []; }
}

export class Bright extends Base {
  name = 'test.bright';
  portSchema = { inputs: {}, outputs: { brightness: 'number', is_dark: 'boolean' } };
  constructor(options = {}) {
    super();
    this.options = options;
    if (options.scale !== undefined && !(options.scale > 0)) {
      throw new RangeError('The \`scale\` option must be above 0, got ' + options.scale + '.');
    }
  }
  initialize() { this.offset = this.options.offset ?? 0; }
  process(frame) {
    const brightness = frame.frameId * (this.options.scale ?? 1) + this.offset;
    return {
      signals: { brightness, is_dark: true, is_red: false, odd: NaN },
      data: { levels: new Float32Array([0.1, NaN]), of: new Map([['a', 1]]) },
    };
  }
  annotate() {
    return [{ kind: 'box', color: '#ff0000', box: { space: 'norm', x1: 0.25, y1: 0.25, x2: 0.75, y2: 0.75 } }];
  }
}

export class Flash extends Base {
  name = 'test.flash';
  depends = ['test.bright'];
  process(frame, deps) {
    if (frame.frameId !== 3) return undefined;
    const more = deps['test.bright'].signals.brightness;
    return { signals: { more, should_trigger: true, trigger_score: 0.75 } };
  }
}

export class Glare extends Base {
  name = 'test.glare';
  depends = ['test.bright'];
  dependencyOptions = { 'test.bright': { scale: 10 }, 'test.absent': { level: 1 } };
  process(frame, deps) { return { signals: { glare: deps['test.bright'].signals.brightness } }; }
}

export class Throws extends Base {
  name = 'test.throws';
  process(frame) {
    if (frame.frameId === 2) throw new Error('enough of this');
    return { signals: {} };
  }
}

export class Scribbles extends Base {
  name = 'test.scribbles';
  process() { return { signals: {} }; }
  annotate() { return [{ kind: 'blob' }]; }
}

export class Unmakeable extends Base {
  name = 'test.unmakeable';
  constructor() { super(); throw new Error('not today'); }
}
`;

/** Makes a project with a plugin in its \`node_modules\`, broken entries included. */
export async function makePluginProject(folder: string): Promise<void> {
  const plugin = path.join(folder, 'node_modules', 'vpx-test');
  await mkdir(plugin, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{ "name": "project", "private": true }');
  const modules = {
    'test.bright': './index.js#Bright',
    'test.flash': './index.js#Flash',
    'test.glare': './index.js#Glare',
    'test.throws': './index.js#Throws',
    'test.scribbles': './index.js#Scribbles',
    'test.unmakeable': './index.js#Unmakeable',
    'test.missing': './missing.js#Missing',
  };
  const packageJson = {
    name: 'vpx-test',
    version: '2.3.4',
    type: 'module',
    visualpath: { modules },
  };
  await writeFile(path.join(plugin, 'package.json'), JSON.stringify(packageJson));
  await writeFile(path.join(plugin, 'index.js'), MODULES);
}
