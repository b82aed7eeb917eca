import { describe, it } from 'vitest';
import { describeBackend } from 'visualpath-testkit';
import { SimpleBackend } from '../../src/backends/simple/simple-backend.ts';

describeBackend('simple', (schedule) => new SimpleBackend(schedule), {
  ...{ describe, it, graphCount: 2000 },
});
