import { isVisualError, VisualError } from 'visualbase';
import type { AnyModule } from '../core/module.ts';
import { quote } from '../plugin/printable.ts';
import type { Condition } from './condition.ts';
import { FlowGraph, type TriggerHandler } from './flow-graph.ts';
import {
  readEdge,
  readGraph,
  readNode,
  type GraphJson,
  type NodeJson,
  type NodeSpecJson,
} from './graph-json-shape.ts';
import { JsonPlace } from './json-place.ts';
import { MAX_ITEMS, type Reader } from './json-reader.ts';
import type { FlowNode, NodeSpec } from './specs.ts';

/** One thing in a graph that JSON cannot hold. */
interface WriteProblem {
  readonly place: string;
  readonly problem: string;
  readonly remedy: string;
}

/**
 * Writes a graph as plain data, from which {@link graphFromJson} makes the same graph. Modules are
 * written by name, without the options that they were made with; `onTrigger` is code and is left
 * out.
 *
 * @throws VisualError `VP_GRAPH_NOT_SERIALIZABLE` that lists every place with code (conditions that
 * are functions, `cascadeFusion`, `custom`) or with a value that JSON does not have, such as
 * Infinity.
 */
export function graphToJson(graph: Pick<FlowGraph, 'nodes' | 'edges'>): GraphJson {
  const problems: WriteProblem[] = [];
  const root = JsonPlace.root();
  const write = <V, T>(
    field: 'nodes' | 'edges',
    values: readonly V[],
    one: (value: V, place: JsonPlace) => readonly T[],
  ): readonly T[] => {
    const place = root.at(field);
    if (values.length <= MAX_ITEMS) return values.flatMap((value, i) => one(value, place.at(i)));
    problems.push({
      place: place.toString(),
      problem: `has ${values.length} items, more than ${MAX_ITEMS}`,
      remedy: 'split the graph',
    });
    return [];
  };
  /** Checks and copies with the reader of files, so that what is written can be read. */
  const copy = <T>(
    reader: Reader<T>,
    value: unknown,
    place: JsonPlace,
    who: string,
  ): readonly T[] => {
    try {
      return [reader(value, place)];
    } catch (error) {
      if (!isVisualError(error)) throw error;
      const { place: at, problem } = error.details;
      problems.push({
        place: `${who}${String(at)}`,
        problem: String(problem),
        remedy: 'correct the value',
      });
      return [];
    }
  };

  const nodes = write('nodes', graph.nodes, (node, place): readonly NodeJson[] => {
    const who = `node ${quote(node.name)} (${quote(node.spec.kind).slice(1, -1)}): `;
    const code = codeIn(node.spec);
    for (const { field, remedy } of code) {
      problems.push({
        place: `${who}${place.toString()}.${field}`,
        problem: 'is a function',
        remedy,
      });
    }
    return code.length > 0 ? [] : copy(readNode, withModuleNames(node), place, who);
  });
  const edges = write('edges', graph.edges, (edge, place) => copy(readEdge, edge, place, ''));
  if (problems.length === 0) return { version: 1, nodes, edges };
  const lines = problems.map(({ place, problem, remedy }) => `- ${place} ${problem}; ${remedy}.`);
  throw new VisualError(
    'VP_GRAPH_NOT_SERIALIZABLE',
    `The graph cannot be written as JSON:\n${lines.join('\n')}`,
    { details: { problems } },
  );
}

function withModuleNames({ name, spec }: FlowNode): object {
  if (spec.kind !== 'module') return { ...spec, name };
  return { ...spec, name, modules: spec.modules.map((module) => module.name) };
}

interface CodeField {
  readonly field: string;
  readonly remedy: string;
}

/** The fields of a node that hold code. */
function codeIn(spec: NodeSpec): readonly CodeField[] {
  switch (spec.kind) {
    case 'filter':
    case 'branch':
      return functionCondition('condition', spec.condition);
    case 'multiBranch':
    case 'conditionalFanOut':
      return spec.branches.flatMap(({ condition }, i) =>
        functionCondition(`branches[${i}].condition`, condition),
      );
    case 'cascadeFusion':
      return [{ field: 'fuse', remedy: 'make it a module, or add this node in code' }];
    case 'custom':
      return [{ field: 'create', remedy: 'keep custom nodes in code: add this one after reading' }];
    default:
      return [];
  }
}

const functionCondition = (field: string, condition: Condition): readonly CodeField[] =>
  typeof condition === 'function'
    ? [{ field, remedy: 'use a signal condition: { signal, op, value }' }]
    : [];

/** Options of {@link graphFromJson}. */
export interface GraphFromJsonOptions {
  /**
   * Gives the module of a name, called for each in the order of the file. `options` are those that
   * stand in the file, plain data of any shape: a module listed as `{ name, options }` has some.
   */
  readonly module: (name: string, options?: Readonly<Record<string, unknown>>) => AnyModule;
  /** Becomes {@link FlowGraph.onTrigger}, which files do not hold. */
  readonly onTrigger?: TriggerHandler | undefined;
}

/**
 * Makes a graph of what {@link graphToJson} or somebody else wrote. Only the form is checked, with
 * bounds on every size; {@link FlowGraph.validate} finds what makes no sense. No module is made if
 * the form is wrong.
 *
 * @param json - Of any origin; text goes through `JSON.parse` first.
 * @throws VisualError `VP_GRAPH_BAD_JSON` that names the first wrong place and what is expected
 * there. What `options.module` throws is passed on.
 */
export function graphFromJson(json: unknown, options: GraphFromJsonOptions): FlowGraph {
  const { nodes, edges } = readGraph(json, JsonPlace.root());
  return new FlowGraph({
    nodes: nodes.map(({ name, ...spec }) => ({ name, spec: withModules(spec, options) })),
    edges,
    onTrigger: options.onTrigger,
  });
}

function withModules(spec: NodeSpecJson, { module }: GraphFromJsonOptions): NodeSpec {
  if (spec.kind !== 'module') return spec;
  const modules = spec.modules.map((listed) =>
    typeof listed === 'string' ? module(listed) : module(listed.name, listed.options),
  );
  return { ...spec, modules };
}
