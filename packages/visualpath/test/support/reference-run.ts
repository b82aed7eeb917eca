// A second, naive reading of the contract, to check the oracle with: everything is looked up by name, nothing is
// compiled, batched or reused. It knows what random graphs use, and nothing of time but media time.
import {
  FlowData,
  Frame,
  shouldTrigger,
  type AnyModule,
  type CustomProcessor,
  type FlowGraph,
  type FlowNode,
  type NodeSpec,
  type Observation,
  type ObservationInit,
  type SignalCondition,
} from '../../src/index.ts';

type Spec<K extends NodeSpec['kind']> = Extract<NodeSpec, { readonly kind: K }>;
type Figures = Record<
  'in' | 'out' | 'filtered' | 'unrouted' | 'unmatched' | 'late' | 'error',
  number
>;

/** Ends a run: `onFrame` said so, or a module failed. */
class Ended extends Error {
  readonly isFailure: boolean;
  constructor(isFailure: boolean) {
    super('ended');
    this.isFailure = isFailure;
  }
}

interface Memory {
  items: FlowData[];
  left: Map<number, FlowData[]>;
  seen: number;
  lastNs: number | undefined;
  watermarkNs: number;
  custom: CustomProcessor | undefined;
}

export type ReferenceEvent =
  | readonly ['frame', number, readonly FlowData[]]
  | readonly ['trigger', number, string]
  | readonly ['flush', readonly FlowData[]];

/** Runs a graph over frames by the letter of the contract. */
export class ReferenceRun {
  readonly events: ReferenceEvent[] = [];
  readonly figures = new Map<string, Figures>();
  readonly #graph: FlowGraph;
  readonly #memory = new Map<string, Memory>();
  readonly #fired = new Set<string>();
  #isFailed = false;

  constructor(graph: FlowGraph) {
    this.#graph = graph;
    for (const { name, spec } of graph.nodes) {
      this.figures.set(name, {
        ...{ in: 0, out: 0, filtered: 0, unrouted: 0, unmatched: 0, late: 0, error: 0 },
      });
      this.#memory.set(name, {
        ...{ items: [], left: new Map(), seen: 0, lastNs: undefined, watermarkNs: -Infinity },
        custom: spec.kind === 'custom' ? spec.create() : undefined,
      });
    }
  }

  get isFailed(): boolean {
    return this.#isFailed;
  }

  async run(timesNs: readonly number[], stopAfter: number): Promise<void> {
    let watermarkNs = -Infinity;
    try {
      for (const [frameId, tSrcNs] of timesNs.entries()) {
        const data = new Uint8Array(24).fill(frameId % 200);
        const frame = Frame.fromRgb({ frameId, tSrcNs, width: 4, height: 2, data });
        watermarkNs = Math.max(watermarkNs, tSrcNs);
        const results = await this.#turn(frame, watermarkNs);
        this.#fire(results);
        this.events.push(['frame', frameId, results]);
        if (frameId === stopAfter) return;
      }
      const results = await this.#turn(undefined, Infinity);
      this.#fire(results);
      if (results.length > 0) this.events.push(['flush', results]);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      this.#isFailed = true;
    }
  }

  #fire(results: readonly FlowData[]): void {
    for (const { observations } of results) {
      for (const seen of observations) {
        const key = JSON.stringify([seen.source, seen.frameId, seen.tNs]);
        if (!shouldTrigger(seen) || this.#fired.has(key)) continue;
        this.#fired.add(key);
        this.events.push(['trigger', seen.frameId, seen.source]);
      }
    }
  }

  async #turn(frame: Frame | undefined, sourceNs: number): Promise<readonly FlowData[]> {
    const leaving = new Map<string, readonly FlowData[]>();
    const watermarks = new Map<string, number>();
    const done: string[] = [];
    const results: FlowData[] = [];
    for (;;) {
      const node = this.#graph.nodes.find(
        ({ name }) =>
          !done.includes(name) &&
          this.#graph.edges.every((edge) => edge.to !== name || done.includes(edge.from)),
      );
      if (node === undefined) return results;
      done.push(node.name);
      const edges = this.#graph.edges
        .filter((edge) => edge.to === node.name)
        .sort((a, b) => done.indexOf(a.from) - done.indexOf(b.from));
      const items =
        node.spec.kind === 'source'
          ? frame === undefined
            ? []
            : [new FlowData(frame, [], node.spec.path ?? 'main')]
          : edges.flatMap(({ from, path }) =>
              leaving.get(from)!.filter((data) => path === undefined || data.path === path),
            );
      const figures = this.figures.get(node.name)!;
      figures.in += items.length;
      const inNs = Math.min(sourceNs, ...edges.map(({ from }) => watermarks.get(from)!));
      const out = await this.#node(node, items, inNs, sourceNs);
      let leftCount = out.length;
      const taken = this.#graph.edges.filter((edge) => edge.from === node.name);
      if (taken.length === 0) results.push(...out);
      else {
        const lost = out.filter((data) =>
          taken.every(({ path }) => path !== undefined && path !== data.path),
        ).length;
        figures.unrouted += lost;
        leftCount -= lost;
      }
      figures.out += leftCount;
      leaving.set(node.name, out);
      watermarks.set(node.name, Math.min(inNs, this.#earliestNs(node) - 1));
    }
  }

  #earliestNs({ name, spec }: FlowNode): number {
    if (spec.kind !== 'join' && spec.kind !== 'window' && spec.kind !== 'collector')
      return Infinity;
    return Math.min(Infinity, ...this.#memory.get(name)!.items.map(({ tNs }) => tNs));
  }

  async #node(
    node: FlowNode,
    items: readonly FlowData[],
    inNs: number,
    sourceNs: number,
  ): Promise<readonly FlowData[]> {
    const { spec, name } = node;
    const figures = this.figures.get(name)!;
    const memory = this.#memory.get(name)!;
    const pass = (test: (data: FlowData) => boolean): FlowData[] => {
      const passed = items.filter(test);
      figures.filtered += items.length - passed.length;
      return passed;
    };
    const route = (paths: (data: FlowData) => readonly string[]): FlowData[] =>
      items.flatMap((data) => {
        const routed = paths(data).map((path) => data.with({ path }));
        if (routed.length === 0) figures.unrouted += 1;
        return routed;
      });
    const spaced = (interval: number, time: (data: FlowData) => number): FlowData[] =>
      pass((data) => {
        const isFirst = memory.lastNs === undefined;
        if (!isFirst && time(data) - memory.lastNs! < interval) return false;
        memory.lastNs = time(data);
        return true;
      });
    switch (spec.kind) {
      case 'source':
        return items;
      case 'module':
        return modules(spec, items);
      case 'filter':
        return pass((data) => holds(spec.condition, data));
      case 'signalFilter':
        return pass((data) => holds(spec, data));
      case 'observationFilter':
        return pass(
          ({ observations }) =>
            observations.filter(({ source }) => [undefined, source].includes(spec.source)).length >=
            (spec.minCount ?? 1),
        );
      case 'sample':
        return pass(() => memory.seen++ % spec.every === 0);
      case 'timestampSample':
        return spaced(spec.intervalNs, (data) => data.tNs);
      case 'rateLimit':
        return spaced(spec.minIntervalMs, () => 0);
      case 'branch':
        return route((data) => [holds(spec.condition, data) ? spec.ifTrue : spec.ifFalse]);
      case 'fanOut':
        return route(() => spec.paths);
      case 'multiBranch':
        return route((data) => {
          const first = spec.branches.find(({ condition }) => holds(condition, data));
          const path = first?.path ?? spec.defaultPath;
          return path === undefined ? [] : [path];
        });
      case 'conditionalFanOut':
        return route((data) =>
          spec.branches.filter(({ condition }) => holds(condition, data)).map(({ path }) => path),
        );
      case 'join':
        return spec.mode === 'any'
          ? joinAny(spec, name, items)
          : joinAll(spec, name, items, inNs, memory, figures);
      case 'window':
        return windows(spec, items, inNs, memory, figures);
      case 'collector':
        return collect(spec, items, inNs, memory);
      case 'cascadeFusion':
        return items.map((data) => {
          const result = spec.fuse(data);
          if (result === undefined || result === null) return data;
          const fused = observed(spec.source ?? name, data.frame, result);
          return data.with({ observations: [...data.observations, fused] });
        });
      case 'custom': {
        const out: FlowData[] = [];
        const ctx = { signal: new AbortController().signal };
        for (const data of items) {
          const answer = await memory.custom!.process(data, ctx);
          if (answer !== undefined) out.push(...[answer].flat());
        }
        if (sourceNs === Infinity) out.push(...((await memory.custom!.flush?.()) ?? []));
        return out;
      }
    }
  }
}

function holds(
  condition: ((data: FlowData) => boolean) | SignalCondition,
  data: FlowData,
): boolean {
  if (typeof condition === 'function') return condition(data);
  const { signal, op, value, source } = condition;
  return data.observations.some((seen) => {
    const found = seen.signals[signal];
    if (typeof found !== typeof value || (source !== undefined && source !== seen.source))
      return false;
    const [a, b] = [found as number, value as number];
    return { eq: a === b, ne: a !== b, gt: a > b, ge: a >= b, lt: a < b, le: a <= b }[op];
  });
}

function observed(source: string, frame: Frame, init: ObservationInit): Observation {
  const { signals = {}, metadata = {}, data } = init;
  const { frameId, tSrcNs } = frame;
  return { source, frameId, tNs: tSrcNs, signals, metadata, ...(data !== undefined && { data }) };
}

async function modules(spec: Spec<'module'>, items: readonly FlowData[]): Promise<FlowData[]> {
  const here = spec.modules.map(({ name }) => name);
  const order: AnyModule[] = [];
  while (order.length < spec.modules.length) {
    // Level by level: those whose neighbours are all done.
    const done = order.map(({ name }) => name);
    const readsOf = (one: AnyModule): string[] =>
      [...one.depends, ...one.optionalDepends].map((d) => (typeof d === 'string' ? d : d.name));
    order.push(
      ...spec.modules.filter(
        (one) =>
          !order.includes(one) &&
          readsOf(one).every((name) => !here.includes(name) || done.includes(name)),
      ),
    );
  }
  const all = items.map((data) => ({ data, seen: new Map<string, Observation>() }));
  // A module sees all items of a turn before the next module does.
  for (const module of order) {
    for (const { data, seen } of all) {
      const deps: Record<string, Observation | undefined> = {};
      const find = (name: string): Observation | undefined =>
        here.includes(name)
          ? seen.get(name)
          : data.observations.findLast(({ source }) => source === name);
      for (const name of module.depends as string[]) deps[name] = find(name);
      if (Object.values(deps).includes(undefined)) continue;
      for (const name of module.optionalDepends as string[]) deps[name] = find(name);
      const result = await call(module, data.frame, deps);
      if (result) seen.set(module.name, observed(module.name, data.frame, result));
    }
  }
  return all.map(({ data, seen }) => {
    const made = order.map(({ name }) => seen.get(name)).filter((one) => one !== undefined);
    const path = spec.path ?? data.path;
    return data.with({ path, observations: [...data.observations, ...made] });
  });
}

async function call(
  module: AnyModule,
  frame: Frame,
  deps: object,
): Promise<ObservationInit | undefined | null> {
  const policy = module.errorPolicy;
  for (let tries = policy?.maxRetries ?? 0; ; tries--) {
    try {
      return await module.process(frame, deps as never, { signal: new AbortController().signal });
    } catch {
      if (policy === undefined) throw new Ended(true);
      if (tries > 0) continue;
      return policy.fallback === 'skip' ? undefined : { signals: policy.defaultSignals ?? {} };
    }
  }
}

const inTime = (items: readonly FlowData[]): FlowData[] => [...items].sort((a, b) => a.tNs - b.tNs);

function merge(items: readonly FlowData[], path: string, metadata: object = {}): FlowData {
  const observations: Observation[] = [];
  for (const seen of items.flatMap((data) => data.observations)) {
    const isKnown = observations.some(
      (one) => one.source === seen.source && one.frameId === seen.frameId && one.tNs === seen.tNs,
    );
    if (!isKnown) observations.push(seen);
  }
  observations.sort((a, b) => a.tNs - b.tNs);
  const all = Object.assign({}, ...items.map((data) => data.metadata), metadata) as object;
  return new FlowData(items.at(-1)!.frame, observations, path, { ...all });
}

function joinAny(spec: Spec<'join'>, name: string, items: readonly FlowData[]): FlowData[] {
  const groups: FlowData[][] = [];
  for (const data of inTime(items)) {
    const last = groups.at(-1);
    const isNear = last && data.tNs - last[0]!.tNs <= (spec.windowNs ?? 0);
    if (isNear && !last.some(({ path }) => path === data.path)) last.push(data);
    else groups.push([data]);
  }
  return groups.map((group) => merge(group, spec.path ?? name));
}

function joinAll(
  spec: Spec<'join'>,
  name: string,
  items: readonly FlowData[],
  inNs: number,
  memory: Memory,
  figures: Figures,
): FlowData[] {
  const { windowNs = 0, latenessNs = 0, path = name } = spec;
  const out: FlowData[] = [];
  const isOver = (data: FlowData): boolean => memory.watermarkNs > data.tNs + windowNs + latenessNs;
  const alone = (data: FlowData): void => {
    const join = { isPartial: true, paths: [data.path] };
    if (spec.unmatched === 'emit') out.push(merge([data], path, { join }));
  };
  for (const data of items) {
    if (!isOver(data)) memory.items.push(data);
    else {
      figures.late += 1;
      alone(data);
    }
  }
  memory.watermarkNs = Math.max(memory.watermarkNs, inNs);
  for (;;) {
    memory.items = inTime(memory.items);
    const heads = spec.paths.map((one) => memory.items.find((data) => data.path === one));
    const times = heads.map((data) => data?.tNs ?? NaN);
    if (Math.max(...times) - Math.min(...times) <= windowNs) {
      const members = inTime(heads as FlowData[]);
      memory.items = memory.items.filter((data) => !members.includes(data));
      out.push(merge(members, path));
      continue;
    }
    // Of several that are as old, that of the path named first goes first.
    const oldestNs = Math.min(...times.filter((tNs) => !Number.isNaN(tNs)));
    const oldest = heads.find((data) => data?.tNs === oldestNs);
    if (oldest === undefined || !isOver(oldest)) return out;
    memory.items = memory.items.filter((data) => data !== oldest);
    figures.unmatched += 1;
    alone(oldest);
  }
}

function windows(
  spec: Spec<'window'>,
  items: readonly FlowData[],
  inNs: number,
  memory: Memory,
  figures: Figures,
): FlowData[] {
  const { windowNs, latenessNs = 0, late = 'drop', latePath = 'late' } = spec;
  const startOf = (data: FlowData): number => Math.floor(data.tNs / windowNs) * windowNs;
  const leaves = (startNs: number): number => startNs + windowNs + latenessNs;
  const out: FlowData[] = [];
  const emit = (startNs: number, all: readonly FlowData[], isUpdate: boolean): void => {
    const endNs = startNs + windowNs;
    const window = { startNs, endNs, itemCount: all.length, isUpdate };
    out.push(merge(all, all.at(-1)!.path, { window }));
  };
  for (const data of items) {
    const startNs = startOf(data);
    if (leaves(startNs) > memory.watermarkNs) {
      memory.items.push(data);
      continue;
    }
    figures.late += 1;
    if (late === 'sideOutput') out.push(data.with({ path: latePath }));
    const horizonNs = leaves(startNs) + (spec.updateWithinNs ?? 10 * windowNs);
    if (late !== 'update' || horizonNs < memory.watermarkNs) continue;
    const all = inTime([...(memory.left.get(startNs) ?? []), data]);
    memory.left.set(startNs, all);
    emit(startNs, all, true);
  }
  memory.watermarkNs = Math.max(memory.watermarkNs, inNs);
  const starts = [...new Set(memory.items.map(startOf))].sort((a, b) => a - b);
  for (const startNs of starts) {
    if (leaves(startNs) > memory.watermarkNs) continue;
    const all = inTime(memory.items.filter((data) => startOf(data) === startNs));
    memory.items = memory.items.filter((data) => startOf(data) !== startNs);
    memory.left.set(startNs, all);
    emit(startNs, all, false);
  }
  return out;
}

function collect(
  { batchSize, timeoutNs = Infinity }: Spec<'collector'>,
  items: readonly FlowData[],
  inNs: number,
  memory: Memory,
): FlowData[] {
  const out: FlowData[] = [];
  const emit = (reason: string): void => {
    const all = memory.items;
    memory.items = [];
    const collector = { itemCount: all.length, reason };
    out.push(merge(all, all.at(-1)!.path, { collector }));
  };
  const isDue = (tNs: number): boolean =>
    memory.items.length > 0 && (tNs === Infinity || tNs - memory.items[0]!.tNs >= timeoutNs);
  for (const data of items) {
    if (isDue(data.tNs)) emit('timeout');
    memory.items = inTime([...memory.items, data]);
    if (memory.items.length >= batchSize) emit('size');
  }
  if (isDue(inNs)) emit(inNs === Infinity ? 'flush' : 'timeout');
  return out;
}
