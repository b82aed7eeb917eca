import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'visualpath test '))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const BUILT = new URL('../../dist/log/observation-log.js', import.meta.url).href;
const PRELUDE = `
  import { readdirSync } from 'node:fs';
  import { ObservationLog } from ${JSON.stringify(BUILT)};
  const folder = process.env.LOG_FOLDER;
  const observationOf = (index) => ({
    source: 'a', frameId: index, tNs: index, signals: {}, data: new Uint8Array(1000), metadata: {},
  });
  const spill = async () => {
    const log = new ObservationLog({ maxMemoryBytes: 0, folder });
    for (let index = 0; index < 200; index++) log.append(observationOf(index));
    await log.drain();
    return log;
  };
`;

async function runNode(body: string, flags: readonly string[] = [], limit = 'true') {
  const { stdout, stderr } = await promisify(execFile)(
    'sh',
    [
      ...['-c', `${limit}; exec "$0" "$@"`, process.execPath, ...flags],
      ...['--input-type=module', '--eval', PRELUDE + body],
    ],
    { env: { ...process.env, LOG_FOLDER: folder } },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as unknown;
}

describe('ObservationLog in a process of its own', () => {
  it.each([
    ['ends by itself', ''],
    ['calls exit', 'process.exit(0);'],
  ])('leaves no folder behind when the process %s without close', async (_how, ending) => {
    const program = `
      const logs = [];
      for (let count = 0; count < 15; count++) logs.push(await spill());
      console.log(readdirSync(folder).length);
      ${ending}`;
    expect(await runNode(program)).toBe(15);
    expect(await readdir(folder)).toEqual([]);
  });

  it('removes the folder of a log that was dropped without close', async () => {
    const program = `
      await spill();
      let turnCount = 0;
      while (readdirSync(folder).length > 0 && turnCount++ < 1000) {
        gc();
        await new Promise((resolve) => setImmediate(resolve));
      }
      console.log(readdirSync(folder).length);`;
    expect(await runNode(program, ['--expose-gc'])).toBe(0);
  });

  it('tells of a full disk, and loses nothing', async () => {
    const program = `
      const log = new ObservationLog({ maxMemoryBytes: 0, folder });
      let failure;
      let count = 0;
      while (failure === undefined && count < 2000) {
        log.append(observationOf(count++));
        await log.drain()?.catch((error) => (failure = error));
      }
      const back = await log.toArray();
      console.log(JSON.stringify({
        code: failure?.code,
        reason: failure?.cause.code,
        isSpilled: log.isSpilled,
        isComplete: back.length === count && back.every(({ frameId }, at) => frameId === at),
      }));`;
    // No file may grow beyond this many blocks, of 512 or 1024 bytes.
    expect(await runNode(program, [], 'ulimit -f 200')).toEqual({
      code: 'VP_LOG_WRITE_FAILED',
      reason: 'EFBIG',
      isSpilled: true,
      isComplete: true,
    });
  });
});
