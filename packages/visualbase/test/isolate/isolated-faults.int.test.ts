import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/frame/frame.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { readFrameIndex } from '../../src/testing/frame-code.ts';
import { makeVideo } from '../../src/testing/make-video.ts';
import { useTempFolder } from '../source/read-source.ts';
import { decoderPids, isRunning } from './decoder-pids.ts';

const at = useTempFolder();
const COUNT = 120;
let path = '';
beforeAll(async () => {
  ({ path } = await makeVideo({ path: at('talk.mp4'), frameCount: COUNT }));
});

/** Opens a source of two slots, reads `count` frames, lets `fault` happen, and reads on. */
async function readWithFault(fault: (pid: number) => void, { count = 5, limits = {} } = {}) {
  const source = await FileSource.open(path, { isolate: limits, slotCount: 2 });
  const [pid] = decoderPids();
  const indexes: number[] = [];
  const kept: Frame[] = [];
  let error: unknown;
  try {
    for await (const frame of source) {
      indexes.push(readFrameIndex(frame));
      if (indexes.length === count - 1) kept.push(frame.retain());
      if (indexes.length === count) fault(pid!);
    }
  } catch (thrown) {
    error = thrown;
  }
  await source.close();
  return { pid: pid!, indexes, kept, error };
}

describe.skipIf(process.platform !== 'linux')('a decoder process', () => {
  afterEach(() => expect.poll(decoderPids).toEqual([]));

  it.each(['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const)(
    'that ends by %s ends the source in an error, after the frames it gave before',
    async (signal) => {
      const { indexes, kept, error, pid } = await readWithFault((pid) => {
        process.kill(pid, signal);
      });
      expect(error).toMatchObject({
        code: 'VB_DECODER_CRASHED',
        message: expect.stringContaining(`was ended by ${signal}`),
        details: { path, signal },
      });
      expect(indexes).toEqual(Array.from(indexes, (_, i) => i));
      expect(indexes.length).toBeGreaterThanOrEqual(5);
      expect(indexes.length).toBeLessThan(COUNT);
      expect(readFrameIndex(kept[0]!)).toBe(3);
      kept[0]!.release();
      expect(isRunning(pid)).toBe(false);
    },
  );

  it('that hangs is killed and named so', async () => {
    const { indexes, kept, error, pid } = await readWithFault(
      (pid) => process.kill(pid, 'SIGSTOP'),
      { limits: { stallTimeoutMs: 2000 } },
    );
    kept[0]!.release();
    expect(error).toMatchObject({
      code: 'VB_DECODER_HUNG',
      message: expect.stringContaining('did not get on for 2 s'),
    });
    expect(indexes.length).toBeGreaterThanOrEqual(5);
    expect(isRunning(pid)).toBe(false);
  });

  it('that waits for its reader does not hang', async () => {
    const limits = { stallTimeoutMs: 2000 };
    const source = await FileSource.open(path, { isolate: limits, slotCount: 2 });
    let count = 0;
    for await (const frame of source) {
      count += 1;
      if (frame.frameId === 3) await new Promise((resolve) => setTimeout(resolve, 3000));
    }
    expect(count).toBe(COUNT);
  });

  it('that takes too much memory is killed and named so', async () => {
    const reading = (async () => {
      // May be seen while the file is looked into, or later: no process is this small.
      const source = await FileSource.open(path, { isolate: { maxRssMb: 10 }, slotCount: 2 });
      for await (const frame of source) {
        expect(frame.width).toBe(320);
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'VB_DECODER_TOO_BIG',
      message: expect.stringContaining('over the limit of 10 MiB'),
      details: { maxRssMb: 10 },
    });
  });

  it('that dies while the file is looked into makes opening fail', async () => {
    const opening = FileSource.open(path, { isolate: true });
    await expect.poll(() => decoderPids().length).toBe(1);
    process.kill(decoderPids()[0]!, 'SIGSEGV');
    await expect(opening).rejects.toMatchObject({ code: 'VB_DECODER_CRASHED' });
    await expect.poll(decoderPids).toEqual([]);
  });

  it('that hangs while the file is looked into makes opening fail', async () => {
    const opening = FileSource.open(path, { isolate: { stallTimeoutMs: 500 } });
    await expect.poll(() => decoderPids().length).toBe(1);
    process.kill(decoderPids()[0]!, 'SIGSTOP');
    await expect(opening).rejects.toMatchObject({ code: 'VB_DECODER_HUNG' });
    await expect.poll(decoderPids).toEqual([]);
  });

  it('that hangs is killed when its source is closed', async () => {
    const source = await FileSource.open(path, { isolate: true, slotCount: 2 });
    const [pid] = decoderPids();
    process.kill(pid!, 'SIGSTOP');
    await source.close();
    expect(isRunning(pid!)).toBe(false);
    expect(source.stats).toBeUndefined();
  });

  it('is reaped after a complete read, an early one, and none', async () => {
    for (const frameCount of [COUNT, 3, 0]) {
      const source = await FileSource.open(path, { isolate: true });
      let count = 0;
      if (frameCount > 0)
        for await (const frame of source) if (frame.frameId >= 0 && ++count === frameCount) break;
      await source.close();
      expect(count).toBe(frameCount);
      expect(decoderPids()).toEqual([]);
    }
  });
});

describe.skipIf(process.platform !== 'linux')('a program with an isolated source', () => {
  const start = (program: string) => {
    const index = new URL('../../dist/index.js', import.meta.url).href;
    const code = `import { FileSource } from ${JSON.stringify(index)};
      const source = await FileSource.open(${JSON.stringify(path)}, { isolate: true, slotCount: 2 });
      ${program}`;
    return spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  };
  const readTwo = `let count = 0;
    for await (const _ of source) if (++count === 2) { console.log('reading'); await new Promise((resolve) => setTimeout(resolve, 60000)); }`;

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'that ends by %s takes the decoder along',
    async (signal) => {
      const program = start(readTwo);
      await once(program.stdout, 'data');
      const [pid] = decoderPids(program.pid);
      program.kill(signal);
      await once(program, 'exit');
      await expect.poll(() => isRunning(pid!), { timeout: 5000 }).toBe(false);
    },
  );

  it('that is killed takes a decoder along that hangs', async () => {
    const program = start(readTwo);
    await once(program.stdout, 'data');
    const [pid] = decoderPids(program.pid);
    process.kill(pid!, 'SIGSTOP');
    program.kill('SIGKILL');
    await once(program, 'exit');
    await expect.poll(() => isRunning(pid!), { timeout: 5000 }).toBe(false);
  });

  it('is not kept alive by it, and exits whenever it wants', async () => {
    for (const program of [
      '',
      'process.exit(0);',
      'for await (const _ of source) process.exit(0);',
    ]) {
      const [exitCode] = (await once(start(program), 'exit')) as [number | null];
      expect(exitCode).toBe(0);
    }
  });

  it('stays alive for a read that is pending', async () => {
    const program = start(
      'let count = 0; for await (const _ of source) count += 1; console.log(count);',
    );
    const [text] = (await once(program.stdout, 'data')) as [Buffer];
    expect(String(text)).toBe(`${COUNT}\n`);
  });
});
