import type { FuzzPlan } from './fuzz-case.ts';
import { runPlan } from './run-plan.ts';

// Entry of the process that damaged files may crash: one plan after the other.
process.on('message', (plan: FuzzPlan) => {
  void runPlan(plan).then((result) => process.send!(result));
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
