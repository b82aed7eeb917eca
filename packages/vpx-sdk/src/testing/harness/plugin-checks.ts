import { ANNOTATE_CHECK } from './checks/annotate-check.ts';
import { DECLARATION_CHECKS } from './checks/declaration-checks.ts';
import { FRAME_CHECKS } from './checks/frame-checks.ts';
import { LIFECYCLE_CHECKS } from './checks/lifecycle-checks.ts';
import { MEMORY_CHECK } from './checks/memory-check.ts';
import { NAME_CHECKS } from './checks/name-checks.ts';
import { RESULT_CHECKS } from './checks/result-checks.ts';
import { CHECK_NAMES } from './check-name.ts';
import type { PluginCheck } from './plugin-check.ts';

const ALL: readonly PluginCheck[] = [
  ...NAME_CHECKS,
  ...DECLARATION_CHECKS,
  ...RESULT_CHECKS,
  ...LIFECYCLE_CHECKS,
  ...FRAME_CHECKS,
  ANNOTATE_CHECK,
  MEMORY_CHECK,
];

/** Every check, in the order in which they run. */
export const PLUGIN_CHECKS: readonly PluginCheck[] = CHECK_NAMES.map((name) =>
  ALL.find((check) => check.name === name)!,
);
