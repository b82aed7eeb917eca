import { nameOf } from '../core/dependency.ts';
import { isolationLevelOf } from '../core/isolation.ts';
import type { Condition } from '../flow/condition.ts';
import type {
  CollectorSpec,
  JoinSpec,
  ModuleSpec,
  NodeSpec,
  PathCondition,
  WindowSpec,
} from '../flow/specs.ts';
import { label, labels, quoted } from './label.ts';

/**
 * Describes the parameters of a node in words, a line each. Never throws: what is not as its type
 * says is what somebody may be looking for.
 */
export function detailsOf(spec: NodeSpec): readonly string[] {
  try {
    return linesOf(spec).filter((line) => line !== '');
  } catch {
    return ['(parameters of a wrong type)'];
  }
}

function linesOf(spec: NodeSpec): string[] {
  switch (spec.kind) {
    case 'source':
      return [pathLine(spec.path)];
    case 'module':
      return [...moduleLines(spec), pathLine(spec.path)];
    case 'filter':
    case 'signalFilter':
      return [conditionText(spec.kind === 'filter' ? spec.condition : spec)];
    case 'observationFilter': {
      const from = spec.source === undefined ? '' : ` of ${label(spec.source)}`;
      return [`at least ${spec.minCount ?? 1}${from}`];
    }
    case 'sample':
      return [`every ${spec.every}`];
    case 'rateLimit':
      return [`every ${spec.minIntervalMs} ms of wall time`];
    case 'timestampSample':
      return [`every ${inMs(spec.intervalNs)}`];
    case 'branch':
      return [
        `${conditionText(spec.condition)} → ${label(spec.ifTrue)}`,
        `else → ${label(spec.ifFalse)}`,
      ];
    case 'fanOut':
      return [`to ${labels(spec.paths)}`];
    case 'multiBranch':
      return [
        ...branchLines(spec.branches),
        spec.defaultPath === undefined ? '' : `else → ${label(spec.defaultPath)}`,
      ];
    case 'conditionalFanOut':
      return branchLines(spec.branches);
    case 'join':
      return joinLines(spec);
    case 'window':
      return windowLines(spec);
    case 'collector':
      return collectorLines(spec);
    case 'cascadeFusion':
      return [spec.source === undefined ? '' : `as ${label(spec.source)}`];
    case 'custom':
      return [
        spec.paths === undefined ? '' : `to ${labels(spec.paths)}`,
        spec.sources === undefined ? '' : `as ${labels(spec.sources)}`,
      ];
    default:
      return [];
  }
}

const inMs = (durationNs: number): string => `${durationNs / 1e6} ms`;

const pathLine = (path: string | undefined): string =>
  path === undefined ? '' : `path ${label(path)}`;

/** Joins the parts that say something. */
const commas = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== false && part !== '').join(', ');

function moduleLines({ modules, isolation }: ModuleSpec): string[] {
  const here = new Set(modules.map((module) => module.name));
  return modules.map(({ name, depends, optionalDepends }) => {
    const level = isolationLevelOf(isolation, name);
    const inside = [...depends, ...optionalDepends].map(nameOf).filter((other) => here.has(other));
    return `${label(name)}${level === 'inline' ? '' : ` (${label(level)})`}${inside.length > 0 ? ` ← ${labels(inside)}` : ''}`;
  });
}

function conditionText(condition: Condition): string {
  if (typeof condition === 'function') {
    // An arrow function in a spec is called after its field.
    const isNamed = condition.name !== '' && condition.name !== 'condition';
    return isNamed ? `by function ${label(condition.name)}` : 'by function';
  }
  const { signal, op, value, source } = condition;
  const shown = typeof value === 'string' ? quoted(value) : String(value);
  const from = source === undefined ? '' : ` of ${label(source)}`;
  return `${label(signal)}${from} ${label(op)} ${shown}`;
}

const branchLines = (branches: readonly PathCondition[]): string[] =>
  branches.map(({ condition, path }) => `${conditionText(condition)} → ${label(path)}`);

function joinLines(spec: JoinSpec): string[] {
  const { paths, mode = 'all', windowNs = 0, latenessNs = 0, unmatched = 'drop' } = spec;
  return [
    commas(
      label(mode),
      mode === 'all' && `window ${inMs(windowNs)}`,
      latenessNs !== 0 && `lateness ${inMs(latenessNs)}`,
      unmatched !== 'drop' && `unmatched ${label(unmatched)}`,
      keepsFrames(spec.keepFrames),
    ),
    commas(`of ${labels(paths)}`, pathLine(spec.path)),
  ];
}

function windowLines(spec: WindowSpec): string[] {
  const { latenessNs = 0, late = 'drop', latePath = 'late', updateWithinNs } = spec;
  return [
    commas(
      inMs(spec.windowNs),
      latenessNs !== 0 && `lateness ${inMs(latenessNs)}`,
      late !== 'drop' &&
        `late ${label(late)}${late === 'sideOutput' ? ` → ${label(latePath)}` : ''}`,
      updateWithinNs !== undefined && `within ${inMs(updateWithinNs)}`,
      keepsFrames(spec.keepFrames),
    ),
  ];
}

function collectorLines({ batchSize, timeoutNs, keepFrames }: CollectorSpec): string[] {
  const timeout = timeoutNs !== undefined && `timeout ${inMs(timeoutNs)}`;
  return [commas(`batch ${batchSize}`, timeout, keepsFrames(keepFrames))];
}

const keepsFrames = (keepFrames: boolean | undefined): string | undefined =>
  keepFrames === undefined ? undefined : keepFrames ? 'keeps frames' : 'keeps no frames';
