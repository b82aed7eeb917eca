import { IsolationLevel, type IsolationConfig } from '../core/isolation.ts';
import { COMPARISONS, type ComparisonOp, type SignalCondition } from './condition.ts';
import type { JsonPlace } from './json-place.ts';
import {
  anyJson,
  badJson,
  flag,
  list,
  number,
  object,
  oneOf,
  ownFields,
  record,
  scalar,
  text,
  type Reader,
} from './json-reader.ts';
import type {
  BranchSpec,
  CascadeFusionSpec,
  ConditionalFanOutSpec,
  CustomSpec,
  FilterSpec,
  FlowEdge,
  ModuleSpec,
  MultiBranchSpec,
  NodeSpec,
  PathCondition,
} from './specs.ts';

/** A module in a file: its name, or its name and the options that it is to be made with. */
export type ModuleJson =
  string | { readonly name: string; readonly options?: Readonly<Record<string, unknown>> };

interface ConditionJson {
  readonly condition: SignalCondition;
}

type PathConditionJson = Omit<PathCondition, 'condition'> & ConditionJson;

interface BranchesJson {
  readonly branches: readonly PathConditionJson[];
}

/** A node's spec in a file: as in memory, with modules by name and conditions as data. */
export type NodeSpecJson =
  | Exclude<
      NodeSpec,
      | ModuleSpec
      | FilterSpec
      | BranchSpec
      | MultiBranchSpec
      | ConditionalFanOutSpec
      | CascadeFusionSpec
      | CustomSpec
    >
  | (Omit<ModuleSpec, 'modules'> & { readonly modules: readonly ModuleJson[] })
  | (Omit<FilterSpec, 'condition'> & ConditionJson)
  | (Omit<BranchSpec, 'condition'> & ConditionJson)
  | (Omit<MultiBranchSpec, 'branches'> & BranchesJson)
  | (Omit<ConditionalFanOutSpec, 'branches'> & BranchesJson);

/** A node in a file. */
export type NodeJson = NodeSpecJson & { readonly name: string };

/** A graph as plain data, for files. */
export interface GraphJson {
  readonly version: 1;
  readonly nodes: readonly NodeJson[];
  readonly edges: readonly FlowEdge[];
}

type JsonKind = NodeSpecJson['kind'];
type Parameters<K extends JsonKind> = Omit<Extract<NodeSpecJson, { kind: K }>, 'kind'>;

// Object.keys gives strings, whatever the object.
const comparison = oneOf(Object.keys(COMPARISONS) as ComparisonOp[]);

const condition = object<SignalCondition>(
  { signal: text, op: comparison, value: scalar },
  { source: text },
);

const branches = list(object<PathConditionJson>({ condition, path: text }, {}));

const isolationLevel = oneOf(Object.values(IsolationLevel));

const isolation = object<IsolationConfig>(
  {},
  { defaultLevel: isolationLevel, overrides: record(isolationLevel), venvPaths: record(text) },
);

const moduleWithOptions = object<Exclude<ModuleJson, string>>(
  { name: text },
  { options: record(anyJson) },
);

const module: Reader<ModuleJson> = (value, place) =>
  typeof value === 'object' ? moduleWithOptions(value, place) : text(value, place);

/** How the parameters of each kind are read. A field that a spec gains does not compile until it is here. */
const PARAMETERS: { readonly [K in JsonKind]: Reader<Parameters<K>> } = {
  source: object<Parameters<'source'>>({}, { path: text }),
  module: object<Parameters<'module'>>({ modules: list(module) }, { path: text, isolation }),
  filter: object<Parameters<'filter'>>({ condition }, {}),
  observationFilter: object<Parameters<'observationFilter'>>(
    {},
    { source: text, minCount: number },
  ),
  signalFilter: condition,
  sample: object<Parameters<'sample'>>({ every: number }, {}),
  rateLimit: object<Parameters<'rateLimit'>>({ minIntervalMs: number }, {}),
  timestampSample: object<Parameters<'timestampSample'>>({ intervalNs: number }, {}),
  branch: object<Parameters<'branch'>>({ condition, ifTrue: text, ifFalse: text }, {}),
  fanOut: object<Parameters<'fanOut'>>({ paths: list(text) }, {}),
  multiBranch: object<Parameters<'multiBranch'>>({ branches }, { defaultPath: text }),
  conditionalFanOut: object<Parameters<'conditionalFanOut'>>({ branches }, {}),
  join: object<Parameters<'join'>>(
    { paths: list(text) },
    {
      mode: oneOf(['all', 'any']),
      windowNs: number,
      latenessNs: number,
      unmatched: oneOf(['drop', 'emit']),
      path: text,
      keepFrames: flag,
    },
  ),
  window: object<Parameters<'window'>>(
    { windowNs: number },
    {
      latenessNs: number,
      late: oneOf(['drop', 'sideOutput', 'update']),
      latePath: text,
      updateWithinNs: number,
      keepFrames: flag,
    },
  ),
  collector: object<Parameters<'collector'>>(
    { batchSize: number },
    { timeoutNs: number, keepFrames: flag },
  ),
};

// As above.
const kind = oneOf(Object.keys(PARAMETERS) as JsonKind[]);

/** Reads a node. */
export const readNode: Reader<NodeJson> = (value, place) => {
  const { name, kind: foundKind, ...parameters } = Object.fromEntries(ownFields(value, place));
  const head = {
    name: required(text, name, place.at('name')),
    kind: required(kind, foundKind, place.at('kind')),
  };
  const read: Reader<object> = PARAMETERS[head.kind];
  // The table gives each kind its own parameters.
  return { ...head, ...read(parameters, place) } as NodeJson;
};

function required<T>(reader: Reader<T>, value: unknown, place: JsonPlace): T {
  if (value === undefined) throw badJson(place, 'is missing');
  return reader(value, place);
}

/** Reads an edge. */
export const readEdge = object<FlowEdge>({ from: text, to: text }, { path: text });

/** Reads a whole graph. */
export const readGraph = object<GraphJson>(
  { version: oneOf([1]), nodes: list(readNode), edges: list(readEdge) },
  {},
);
