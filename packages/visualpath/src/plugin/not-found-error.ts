import { VisualError } from 'visualbase';
import { nearestNames } from './nearest-names.ts';
import type { PluginInfo, PluginKind } from './plugin-info.ts';
import type { PluginProblem } from './plugin-problem.ts';
import { printable, printablePath, quote } from './printable.ts';

const MAX_LISTED = 20;
const MAX_PROBLEMS = 5;

/** What is known when a plugin is not found. */
export interface NotFound {
  readonly kind: PluginKind;
  readonly name: string;
  readonly root: string;
  /** Everything of this kind that there is. */
  readonly known: ReadonlyMap<string, PluginInfo>;
  readonly problems: readonly PluginProblem[];
}

/**
 * Makes the error for a name that nothing has: with the nearest names, what is installed, how to get
 * it, and the problems that may be why it is missing.
 */
export function notFoundError({ kind, name, root, known, problems }: NotFound): VisualError {
  const near = nearestNames(name, known.keys());
  const reasons = problems.filter(
    (problem) =>
      (problem.kind === undefined || problem.kind === kind) &&
      (problem.name === undefined || problem.name === printable(name)),
  );
  const lines = [
    `There is no ${kind} ${quote(name)} for the project in ${printablePath(root)}.`,
    near.length > 0 ? ` Did you mean ${near.map(quote).join(' or ')}?` : '',
    ` ${listKnown(kind, known)}`,
    ` Install a package that has it (npm install PACKAGE), or register it:`,
    ` registry.${kind === 'module' ? 'register' : 'registerBackend'}(${quote(name)}, ...).`,
    reasons.length > 0 ? ' It may be missing because of this:' : '',
    ...reasons
      .slice(0, MAX_PROBLEMS)
      .map((p) => `\n- ${p.packageName} (${printablePath(p.folder)}): ${p.message}; ${p.remedy}.`),
    reasons.length > MAX_PROBLEMS ? `\n- and ${reasons.length - MAX_PROBLEMS} more` : '',
  ];
  return new VisualError('VP_PLUGIN_NOT_FOUND', lines.join(''), {
    details: { kind, name, root, nearest: near, known: [...known.keys()], problems: reasons },
  });
}

function listKnown(kind: PluginKind, known: ReadonlyMap<string, PluginInfo>): string {
  if (known.size === 0) return `No ${kind} is installed or registered.`;
  const all = [...known.values()].map((info) => {
    const from = info.origin === 'package' ? info.packageName : 'registered';
    return `${info.name} (${from})`;
  });
  const more = all.length > MAX_LISTED ? ` and ${all.length - MAX_LISTED} more` : '';
  return `There is: ${all.slice(0, MAX_LISTED).join(', ')}${more}.`;
}
