import type { NodeKind } from '../flow/specs.ts';

/** What drawings tell apart by shape. */
export type NodeRole = 'source' | 'module' | 'gate' | 'route' | 'buffer' | 'code' | 'missing';

const ROLES: Readonly<Record<NodeKind, NodeRole>> = {
  source: 'source',
  module: 'module',
  filter: 'gate',
  observationFilter: 'gate',
  signalFilter: 'gate',
  sample: 'gate',
  rateLimit: 'gate',
  timestampSample: 'gate',
  branch: 'route',
  fanOut: 'route',
  multiBranch: 'route',
  conditionalFanOut: 'route',
  join: 'buffer',
  window: 'buffer',
  collector: 'buffer',
  cascadeFusion: 'code',
  custom: 'code',
};

/** Tells the role of a kind; one that nobody knows is drawn like code. */
export const roleOf = (kind: NodeKind): NodeRole =>
  Object.hasOwn(ROLES, kind) ? ROLES[kind] : 'code';
