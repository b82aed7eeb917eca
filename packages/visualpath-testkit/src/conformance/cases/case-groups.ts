import type { ConformanceGroup } from '../conformance-case.ts';
import { batchCases } from './batch-cases.ts';
import { codeNodeCases } from './code-node-cases.ts';
import { collectorCases } from './collector-cases.ts';
import { earlyStopCases } from './early-stop-cases.ts';
import { errorPolicyCases } from './error-policy-cases.ts';
import { filterCases } from './filter-cases.ts';
import { frameKeepingCases } from './frame-keeping-cases.ts';
import { joinCases } from './join-cases.ts';
import { joinTimeCases } from './join-time-cases.ts';
import { lifecycleCases } from './lifecycle-cases.ts';
import { moduleCases } from './module-cases.ts';
import { nodeErrorCases } from './node-error-cases.ts';
import { observerCases } from './observer-cases.ts';
import { orderCases } from './order-cases.ts';
import { queueCases } from './queue-cases.ts';
import { routeCases } from './route-cases.ts';
import { runEndCases } from './run-end-cases.ts';
import { samplerCases } from './sampler-cases.ts';
import { sessionCases } from './session-cases.ts';
import { severalSourcesCases } from './several-sources-cases.ts';
import { sourceCases } from './source-cases.ts';
import { statisticsCases } from './statistics-cases.ts';
import { triggerCases } from './trigger-cases.ts';
import { watermarkCases } from './watermark-cases.ts';
import { windowCases } from './window-cases.ts';

/** All cases, by subject. */
export const CASE_GROUPS: readonly ConformanceGroup[] = [
  sourceCases,
  moduleCases,
  filterCases,
  samplerCases,
  routeCases,
  joinCases,
  joinTimeCases,
  windowCases,
  collectorCases,
  codeNodeCases,
  watermarkCases,
  triggerCases,
  orderCases,
  batchCases,
  errorPolicyCases,
  nodeErrorCases,
  lifecycleCases,
  runEndCases,
  earlyStopCases,
  statisticsCases,
  frameKeepingCases,
  severalSourcesCases,
  queueCases,
  sessionCases,
  observerCases,
];
