import {
  analyzer,
  defineModule,
  FlowGraphBuilder,
  fusion,
  Module,
  run,
  trigger,
  type DepsOf,
  type Frame,
  type NodeSpec,
} from '../../src/index.ts';

interface Faces {
  readonly faces: readonly { readonly confidence: number }[];
}

declare module '../../src/index.ts' {
  interface ModuleOutputs {
    'test.faces': Faces;
  }
}

const detect = defineModule({
  name: 'test.detect',
  process: (): { data: Faces } => ({ data: { faces: [] } }),
});

// By value: name and data come from the module itself.
defineModule({
  name: 'test.by-value',
  depends: [detect],
  process: (_frame, deps) => {
    const score: number | undefined = deps['test.detect'].data?.faces[0]?.confidence;
    // @ts-expect-error -- a field that the data does not have
    void deps['test.detect'].data?.hands;
    // @ts-expect-error -- a module that is not declared
    void deps['test.other'];
    return { signals: { score: score ?? 0 } };
  },
});

// By name: the data comes from the registry of outputs.
defineModule({
  name: 'test.by-name',
  depends: ['test.faces'],
  optionalDepends: [detect],
  process: (_frame, deps) => {
    const count: number | undefined = deps['test.faces'].data?.faces.length;
    // @ts-expect-error -- an optional dependency may have seen nothing
    void deps['test.detect'].data;
    void deps['test.detect']?.data?.faces;
    return { signals: { count: count ?? 0 } };
  },
});

// In a class the parameter is annotated.
export class Smile extends Module {
  readonly name = 'test.smile';
  override readonly depends = ['test.faces'] as const;
  process(_frame: Frame, deps: DepsOf<['test.faces'], ['test.unregistered']>) {
    const optional: unknown = deps['test.unregistered']?.data;
    return {
      signals: { count: deps['test.faces'].data?.faces.length ?? 0, has: optional !== null },
    };
  }
}

// @ts-expect-error -- a result that is no observation
defineModule({ name: 'test.bad', process: () => 5 });

// @ts-expect-error -- signals are scalars
defineModule({ name: 'test.bad-signals', process: () => ({ signals: { list: [1, 2] } }) });

// Functions as modules are typed in the same way.
const brightness = analyzer('test.brightness', () => ({ brightness: 1 }));
// @ts-expect-error -- signals are scalars
analyzer('test.bad-list', () => ({ list: [1] }));
analyzer(
  'test.reads',
  (_frame, deps) => {
    // @ts-expect-error -- an optional dependency may have seen nothing
    void deps['test.detect'].data;
    return { count: deps['test.brightness'].frameId };
  },
  { depends: [brightness], optionalDepends: [detect] },
);

fusion({ sources: ['test.faces', brightness], optionalSources: [detect] }, (deps) => {
  const count: number = deps['test.faces'].data?.faces.length ?? 0;
  // @ts-expect-error -- a module that is not among the sources
  void deps['test.other'];
  // @ts-expect-error -- an optional source may have seen nothing
  void deps['test.detect'].signals;
  return count > 0 ? trigger('face', { score: 1 }) : undefined;
});
// @ts-expect-error -- a fusion gives a trigger, not signals
fusion({ sources: [] }, () => ({ should_trigger: true }));

// What runs is either modules or a graph.
void (() => run('x.mp4', { modules: [brightness, 'face.detect'], profile: 'platform' }));
// @ts-expect-error -- neither
void (() => run('x.mp4', { fps: 5 }));

// A kind has its own parameters, and no others.
const sample: NodeSpec = { kind: 'sample', every: 2 };
// @ts-expect-error -- a parameter of another kind
const wrong: NodeSpec = { kind: 'sample', windowNs: 2 };
// @ts-expect-error -- no such kind
const unknown: NodeSpec = { kind: 'merge' };
void [sample, wrong, unknown];

class Undeclared extends Module {
  readonly name = 'test.undeclared';
  // @ts-expect-error -- a flag that there is not
  override readonly capabilities = { flags: ['FAST'] } as const;
  process() {
    return {};
  }
}
void Undeclared;

// The name of a fusion is known to those who depend on it.
const named = fusion({ name: 'test.named', sources: [brightness] }, () => undefined);
defineModule({
  name: 'test.reads-fusion',
  depends: [named],
  process: (_frame, deps) => {
    void deps['test.named'].signals;
    // @ts-expect-error -- a module that is not declared
    void deps['test.other'];
    return undefined;
  },
});
const anyName: string = fusion({ sources: [brightness] }, () => undefined).name;
// @ts-expect-error -- a name that is made of the sources is just a text
const literal: 'fusion.test.brightness' = fusion({ sources: [brightness] }, () => undefined).name;
void [anyName, literal];

// The builder's options are those of the kind, conditions answer at once, and so do arms.
const open = new FlowGraphBuilder().source().fanOut('split', { paths: ['x', 'y'] });
void (() => open.join('join', { paths: ['x', 'y'], windowNs: 5, mode: 'any' }));
// @ts-expect-error -- an option that a join does not have
void (() => open.join('join', { paths: ['x', 'y'], windowMs: 5 }));
// @ts-expect-error -- an option of another type
void (() => open.join('join', { paths: ['x', 'y'], windowNs: '5' }));
// @ts-expect-error -- a mode that there is not
void (() => open.join('join', { paths: ['x', 'y'], mode: 'some' }));
const later = async () => Promise.resolve(true);
// @ts-expect-error -- a condition that answers later
void (() => open.branch('b', { condition: later, ifTrue: 'x', ifFalse: 'y' }));
// @ts-expect-error -- an arm that is built later
void (() => open.on('x', async (arm) => Promise.resolve(arm)));
void (() => open.on('x', (arm) => arm.sample('thin', { every: 2 })));
