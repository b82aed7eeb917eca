import type { SignalValue } from '../../core/observation.ts';
import { COMPARISONS, type Condition } from '../condition.ts';
import type { FlowNode, NodeSpec } from '../specs.ts';
import { graphError, graphWarning, type GraphProblem } from './graph-problem.ts';
import { duplicatesOf, isModuleList } from './modules-of.ts';
import { showValue } from '../../plugin/printable.ts';

/** Reports what is wrong with one option: its value, and what it takes. */
type Report = (option: string, value: unknown, expected: string) => void;

/** Finds parameters that a node cannot work with. Callers without types come here too. */
export function specProblems({ name, spec }: FlowNode): readonly GraphProblem[] {
  const problems: GraphProblem[] = [];
  const report: Report = (option, value, expected) => {
    problems.push(
      graphError(
        name,
        `\`${option}\` of node "${name}" (${spec.kind}) must be ${expected}, got ${showValue(value)}`,
        'correct the value',
      ),
    );
  };
  checkSpec(spec, report);
  if (spec.kind === 'join' && spec.mode === 'any') {
    for (const option of IGNORED_BY_ANY) {
      if (spec[option] === undefined) continue;
      const message = `\`${option}\` of join "${name}" has no effect in mode any, in which nothing waits`;
      problems.push(graphWarning(name, message, 'remove the option, or join in mode all'));
    }
  }
  if (spec.kind === 'branch' && spec.ifTrue === spec.ifFalse) {
    const message = `both ways of branch "${name}" are the path "${spec.ifTrue}"`;
    problems.push(graphWarning(name, message, 'name two paths, or remove the branch'));
  }
  return problems;
}

const IGNORED_BY_ANY = ['latenessNs', 'unmatched', 'keepFrames'] as const;

function checkSpec(spec: NodeSpec, report: Report): void {
  switch (spec.kind) {
    case 'source':
      checkOptionalPath('path', spec.path, report);
      return;
    case 'module':
      if (!isModuleList(spec.modules)) {
        report('modules', spec.modules, 'a list of modules');
      }
      checkOptionalPath('path', spec.path, report);
      return;
    case 'filter':
      checkCondition('condition', spec.condition, report);
      return;
    case 'signalFilter':
      checkCondition('', spec, report);
      return;
    case 'observationFilter':
      checkCount('minCount', spec.minCount ?? 1, report);
      return;
    case 'sample':
      checkCount('every', spec.every, report);
      return;
    case 'rateLimit':
      checkDuration('minIntervalMs', spec.minIntervalMs, report);
      return;
    case 'timestampSample':
      checkDuration('intervalNs', spec.intervalNs, report);
      return;
    case 'branch':
      checkCondition('condition', spec.condition, report);
      checkPath('ifTrue', spec.ifTrue, report);
      checkPath('ifFalse', spec.ifFalse, report);
      return;
    case 'fanOut':
      checkPaths('paths', spec.paths, 1, report);
      return;
    case 'multiBranch':
    case 'conditionalFanOut':
      checkBranches(spec, report);
      return;
    case 'join':
      checkPaths('paths', spec.paths, 2, report);
      checkChoice('mode', spec.mode ?? 'all', ['all', 'any'], report);
      checkChoice('unmatched', spec.unmatched ?? 'drop', ['drop', 'emit'], report);
      checkDuration('windowNs', spec.windowNs ?? 0, report);
      checkDuration('latenessNs', spec.latenessNs ?? 0, report);
      checkOptionalPath('path', spec.path, report);
      return;
    case 'window':
      if (!(Number.isFinite(spec.windowNs) && spec.windowNs > 0)) {
        report('windowNs', spec.windowNs, 'a number of nanoseconds above 0');
      }
      checkDuration('latenessNs', spec.latenessNs ?? 0, report);
      checkDuration('updateWithinNs', spec.updateWithinNs ?? 0, report);
      checkChoice('late', spec.late ?? 'drop', ['drop', 'sideOutput', 'update'], report);
      checkPath('latePath', spec.latePath ?? 'late', report);
      return;
    case 'collector':
      checkCount('batchSize', spec.batchSize, report);
      checkDuration('timeoutNs', spec.timeoutNs ?? 0, report);
      return;
    case 'cascadeFusion':
      checkFunction('fuse', spec.fuse, report);
      return;
    case 'custom':
      checkFunction('create', spec.create, report);
      if (spec.paths !== undefined) checkPaths('paths', spec.paths, 1, report);
      if (spec.sources !== undefined && !isListOfNames(spec.sources)) {
        report('sources', spec.sources, 'a list of different names');
      }
      return;
    default:
      report('kind', (spec as { readonly kind: unknown }).kind, 'one of the seventeen kinds');
  }
}

function checkBranches(
  spec: Extract<NodeSpec, { readonly kind: 'multiBranch' | 'conditionalFanOut' }>,
  report: Report,
): void {
  const { branches } = spec;
  const isList: boolean = Array.isArray(branches);
  if (!isList || branches.length === 0) {
    report('branches', branches, 'a list of at least one { condition, path }');
    return;
  }
  for (const [i, branch] of branches.entries()) {
    const given: unknown = branch;
    if (typeof given !== 'object' || given === null) {
      report(`branches[${i}]`, given, '{ condition, path }');
      continue;
    }
    checkCondition(`branches[${i}].condition`, branch.condition, report);
    checkPath(`branches[${i}].path`, branch.path, report);
  }
  if (spec.kind === 'multiBranch') checkOptionalPath('defaultPath', spec.defaultPath, report);
}

const isScalar = (value: unknown): value is SignalValue =>
  ['number', 'boolean', 'string'].includes(typeof value);

function checkCondition(option: string, condition: Condition, report: Report): void {
  if (typeof condition === 'function') return;
  const given: unknown = condition;
  if (typeof given !== 'object' || given === null) {
    report(option, given, 'a function or { signal, op, value }');
    return;
  }
  const prefix = option === '' ? '' : `${option}.`;
  const { signal, op, value } = condition;
  if (typeof signal !== 'string' || signal === '') {
    report(`${prefix}signal`, signal, 'the name of a signal');
  }
  if (!isScalar(value)) report(`${prefix}value`, value, 'a number, boolean or string');
  if (!Object.hasOwn(COMPARISONS, op)) {
    report(`${prefix}op`, op, `one of ${Object.keys(COMPARISONS).join(', ')}`);
  } else if (typeof value === 'boolean' && op !== 'eq' && op !== 'ne') {
    report(`${prefix}op`, op, 'eq or ne, since booleans have no order');
  }
}

function checkCount(option: string, value: number, report: Report): void {
  if (!(Number.isSafeInteger(value) && value >= 1)) report(option, value, 'a whole number from 1');
}

function checkDuration(option: string, value: number, report: Report): void {
  if (Number.isFinite(value) && value >= 0) return;
  const unit = option.endsWith('Ms') ? 'milliseconds' : 'nanoseconds';
  report(option, value, `a number of ${unit} from 0`);
}

function checkChoice(
  option: string,
  value: string,
  choices: readonly string[],
  report: Report,
): void {
  if (!choices.includes(value)) report(option, value, `one of ${choices.join(', ')}`);
}

function checkPath(option: string, value: string, report: Report): void {
  if (typeof value !== 'string' || value === '') {
    report(option, value, 'the name of a path');
  }
}

function checkOptionalPath(option: string, value: string | undefined, report: Report): void {
  if (value !== undefined) checkPath(option, value, report);
}

function isListOfNames(value: unknown): value is readonly string[] {
  if (!Array.isArray(value)) return false;
  const names: readonly unknown[] = value;
  return (
    names.every((name): name is string => typeof name === 'string' && name !== '') &&
    duplicatesOf(names).length === 0
  );
}

function checkPaths(option: string, value: readonly string[], least: number, report: Report): void {
  if (!isListOfNames(value) || value.length < least) {
    report(option, value, `a list of at least ${least} different path${least === 1 ? '' : 's'}`);
  }
}

function checkFunction(option: string, value: unknown, report: Report): void {
  if (typeof value !== 'function') report(option, value, 'a function');
}
