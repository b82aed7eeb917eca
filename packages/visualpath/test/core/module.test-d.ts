import { defineModule, Module, type DepsOf, type Frame } from '../../src/index.ts';

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
