import { describe, expect, it } from 'vitest';
import { WorkerLink } from '../../src/engine/worker-link.ts';

const script = (source: string): URL =>
  new URL(`data:text/javascript,${encodeURIComponent(source)}`);

const link = (source: string) =>
  new WorkerLink<string>(
    script(`import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ id, request }) => { ${source} });`),
    { name: 'test', workerData: undefined },
  );

describe('WorkerLink', () => {
  it('gives each call its own answer', async () => {
    const worker = link(`parentPort.postMessage({ id, value: request + '!' });
      if (request === 'end') parentPort.close();`);
    expect(await Promise.all([worker.call('a'), worker.call('b')])).toEqual(['a!', 'b!']);
    await worker.end('end');
    expect(worker.death).toBeUndefined();
  });

  it('rejects all that is pending, and all that comes, when the thread throws', async () => {
    const worker = link(`if (request === 'throw') throw new Error('out of order');`);
    const calls = [worker.call('wait'), worker.call('throw'), worker.call('wait')];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'VPX_ENGINE_DIED', cause: { message: 'out of order' } },
      });
    }
    await expect(worker.call('more')).rejects.toMatchObject({ code: 'VPX_ENGINE_DIED' });
    await worker.end('end');
  });

  it('says with which code a thread left that nobody asked to leave', async () => {
    const worker = link(`process.exit(7);`);
    await expect(worker.call('leave')).rejects.toMatchObject({
      code: 'VPX_ENGINE_DIED',
      details: { exitCode: 7 },
    });
  });

  it('rejects calls that a thread leaves unanswered when it is ended', async () => {
    const worker = link(`if (request === 'end') parentPort.close();`);
    const call = worker.call('wait');
    await worker.end('end');
    await expect(call).rejects.toMatchObject({ code: 'VPX_CLOSED' });
  });
});
