import {
  FlowData,
  FlowGraph,
  type AnyModule,
  type CustomProcessor,
  type FlowEdge,
  type FlowNode,
  type NodeSpec,
} from 'visualpath';
import type { GraphRecipe, RecipeStep } from './graph-recipe.ts';
import { randomModule } from './random-module.ts';

const MS = 1_000_000;
const COMPARISON = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;

/** An open end of the graph that is being made. */
interface End {
  readonly from: string;
  readonly path: string | undefined;
  /** Modules that every item here has been to. */
  readonly seen: readonly string[];
}

/** Makes the graph of a recipe, with modules of its own: the same recipe gives the same graph. */
export function randomGraph(recipe: GraphRecipe): FlowGraph {
  const maker = new GraphMaker(recipe.failAt);
  for (const step of recipe.steps) maker.add(step);
  return maker.graph();
}

class GraphMaker {
  readonly #nodes: FlowNode[] = [{ name: 'in', spec: { kind: 'source' } }];
  readonly #edges: FlowEdge[] = [];
  #ends: readonly End[] = [{ from: 'in', path: undefined, seen: [] }];
  #count = 0;
  #moduleCount = 0;
  #failAt: number;

  constructor(failAt: number) {
    this.#failAt = failAt;
  }

  graph(): FlowGraph {
    return new FlowGraph({ nodes: this.#nodes, edges: this.#edges });
  }

  add(step: RecipeStep): void {
    const index = step.end % this.#ends.length;
    const end = this.#ends[index]!;
    const others = this.#ends.filter((_, i) => i !== index);
    const { op } = step;
    if (op < 6) this.#ends = [...others, this.#addModules(end, step)];
    else if (op < 10) this.#ends = [...others, ...this.#addRoute(end, step)];
    else if (op < 13) this.#ends = this.#addJoin(end, others, step);
    else this.#ends = [...others, this.#addSimple(end, simpleSpec(step))];
  }

  #name(kind: string): string {
    return `${kind}${this.#count++}`;
  }

  #connect(from: End, spec: NodeSpec): string {
    const name = this.#name(spec.kind);
    this.#nodes.push({ name, spec });
    const edge = { from: from.from, to: name };
    this.#edges.push(from.path === undefined ? edge : { ...edge, path: from.path });
    return name;
  }

  #addSimple(end: End, spec: NodeSpec): End {
    return { from: this.#connect(end, spec), path: undefined, seen: end.seen };
  }

  #addModules(end: End, step: RecipeStep, path?: string): End {
    const modules: AnyModule[] = [];
    const here: string[] = [];
    for (let i = 0; i <= step.b % 3; i++) {
      const known = [...end.seen, ...here];
      const pick = (k: number): string[] => (known.length === 0 ? [] : [known[k % known.length]!]);
      const name = `m${this.#moduleCount++}`;
      const depends = (step.a + i) % 3 === 0 ? [] : pick(step.c + i);
      const optionalDepends = (step.c + i) % 3 === 0 ? pick(step.a + i) : [];
      // One module fails where the recipe says so.
      const failAt = this.#failAt;
      this.#failAt = Infinity;
      const own = { ...step, a: step.a + i, b: step.b + 5 * i, c: step.c + 3 * i };
      modules.push(
        randomModule({
          ...{ name, depends, failAt, step: own },
          optionalDepends: optionalDepends.filter((one) => !depends.includes(one)),
        }),
      );
      here.push(name);
    }
    const spec: NodeSpec = {
      kind: 'module',
      modules: step.c % 2 === 0 ? modules : modules.reverse(),
      ...(path !== undefined && { path }),
    };
    return { from: this.#connect(end, spec), path: undefined, seen: [...end.seen, ...here] };
  }

  #addRoute(end: End, step: RecipeStep): readonly End[] {
    const paths = [`p${this.#count}x`, `p${this.#count}y`, `p${this.#count}z`];
    const from = this.#connect(end, routeSpec(step, paths));
    const used = step.op === 6 ? paths.slice(0, 2) : paths;
    return used.map((path) => ({ from, path, seen: end.seen }));
  }

  /** Joins two ends, putting each on a path of its own first; makes two of one where there is no other. */
  #addJoin(end: End, others: readonly End[], step: RecipeStep): readonly End[] {
    const other = others[step.a % Math.max(1, others.length)];
    const members = other === undefined ? this.#split(end) : [end, other];
    const paths = members.map((_, i) => `j${this.#count}${i}`);
    const arms = members.map((member, i) => this.#addModules(member, step, paths[i]));
    const spec: NodeSpec = {
      kind: 'join',
      paths,
      mode: step.b % 4 === 0 ? 'any' : 'all',
      windowNs: [0, 0, 20, 120][step.b % 4]! * MS,
      latenessNs: [0, 0, 50][step.c % 3]! * MS,
      unmatched: step.c % 2 === 0 ? 'emit' : 'drop',
    };
    const name = this.#name('join');
    this.#nodes.push({ name, spec });
    for (const arm of arms) this.#edges.push({ from: arm.from, to: name });
    const isSure = spec.mode === 'all' && spec.unmatched === 'drop';
    const [first, second] = arms.map(({ seen }) => seen);
    const seen = isSure
      ? [...new Set([...first!, ...second!])]
      : first!.filter((one) => second!.includes(one));
    const joined = { from: name, path: undefined, seen };
    return [...others.filter((one) => one !== other), joined];
  }

  #split(end: End): readonly End[] {
    const paths = [`s${this.#count}a`, `s${this.#count}b`];
    const from = this.#connect(end, { kind: 'fanOut', paths });
    return paths.map((path) => ({ from, path, seen: end.seen }));
  }
}

const every =
  (n: number, k: number) =>
  (data: FlowData): boolean =>
    data.frame.frameId % (n + 1) === k % (n + 1);

function routeSpec({ op, a, b, c }: RecipeStep, [x, y, z]: readonly string[]): NodeSpec {
  switch (op) {
    case 6:
      return { kind: 'branch', condition: every(1 + (a % 3), b), ifTrue: x!, ifFalse: y! };
    case 7:
      return { kind: 'fanOut', paths: [x!, y!, z!] };
    case 8:
      return {
        kind: 'multiBranch',
        branches: [
          { condition: every(2, a), path: x! },
          { condition: every(3, b), path: y! },
        ],
        defaultPath: z!,
      };
    default:
      return {
        kind: 'conditionalFanOut',
        branches: [
          { condition: every(1, a), path: x! },
          { condition: every(2, b), path: y! },
          { condition: { signal: 'pixel', op: 'gt', value: c }, path: z! },
        ],
      };
  }
}

function simpleSpec({ op, a, b, c }: RecipeStep): NodeSpec {
  switch (op) {
    case 13:
      return { kind: 'filter', condition: every(a % 4, b) };
    case 14:
      return { kind: 'observationFilter', minCount: 1 + (a % 3) };
    case 15:
      return { kind: 'signalFilter', signal: 'pixel', op: COMPARISON[a % 6]!, value: b };
    case 16:
      return { kind: 'sample', every: 1 + (a % 4) };
    case 17:
      return { kind: 'timestampSample', intervalNs: a * 15 * MS };
    case 18:
      return { kind: 'rateLimit', minIntervalMs: a % 3 === 0 ? 1 : 0 };
    case 19:
    case 20:
      return {
        kind: 'window',
        windowNs: [30, 100, 500][a % 3]! * MS,
        latenessNs: [0, 0, 40][b % 3]! * MS,
        late: (['drop', 'sideOutput', 'update'] as const)[c % 3]!,
      };
    case 21:
      return {
        kind: 'collector',
        batchSize: 1 + (a % 5),
        ...(b % 2 === 0 && { timeoutNs: 90 * MS }),
      };
    case 22:
      return {
        kind: 'cascadeFusion',
        fuse: ({ observations }) =>
          observations.length % 3 === 1 ? undefined : { signals: { total: observations.length } },
      };
    default:
      return { kind: 'custom', create: () => customProcessor(a, b) };
  }
}

/** Drops some, doubles some, keeps some for the flush, and takes its time if `b` is odd. */
function customProcessor(a: number, b: number): CustomProcessor {
  const kept: FlowData[] = [];
  const decide = (data: FlowData): FlowData | readonly FlowData[] | undefined => {
    const choice = (data.frame.frameId + a) % 5;
    if (choice === 0) return undefined;
    if (choice === 1) return [data, data.with({ metadata: { isCopy: true } })];
    if (choice === 2 && kept.length < 3) {
      // What is kept beyond its turn needs pixels of its own.
      const { observations, path } = data;
      kept.push(new FlowData(data.frame.clone(), observations, path, { kept: true }));
    }
    return data;
  };
  return {
    process: b % 2 === 0 ? decide : async (data) => Promise.resolve().then(() => decide(data)),
    ...(a % 2 === 0 && { flush: () => kept }),
  };
}
