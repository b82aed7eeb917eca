import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Frame } from '../../src/frame/frame.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { readFrameIndex } from '../../src/testing/frame-code.ts';
import { makeVideo } from '../../src/testing/make-video.ts';
import { readSource, useTempFolder } from './read-source.ts';

const at = useTempFolder();
const COUNT = 80;
let path = '';
beforeAll(async () => {
  ({ path } = await makeVideo({ path: at('talk.mp4'), frameCount: COUNT, gop: 20 }));
});
afterEach(() => {
  vi.useRealTimers();
});

/** Retains the first frames, and leaves. */
async function takeFrames(source: FileSource, count: number): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of source) {
    frames.push(frame.retain());
    if (frames.length === count) break;
  }
  return frames;
}

describe('frames of a FileSource', () => {
  it('are borrowed until the next one is asked for', async () => {
    await using source = await FileSource.open(path);
    const iterator = source[Symbol.asyncIterator]();
    const first = (await iterator.next()).value as Frame;
    expect(readFrameIndex(first)).toBe(0);
    await iterator.next();
    expect(() => first.data).toThrow(expect.objectContaining({ code: 'VB_FRAME_RELEASED' }));
  });

  it('keep their pixels for as long as they are retained, in whatever order they are released', async () => {
    const source = await FileSource.open(path, { slotCount: 6 });
    const held: { readonly frame: Frame; readonly copy: Uint8Array }[] = [];
    let count = 0;
    for await (const frame of source) {
      expect(frame.frameId).toBe(count++);
      held.push({ frame: frame.retain(), copy: frame.data.slice() });
      if (held.length < 5) continue;
      const [out] = held.splice((count * 7) % held.length, 1);
      expect(Buffer.compare(out!.frame.data, out!.copy)).toBe(0);
      expect(readFrameIndex(out!.frame)).toBe(out!.frame.frameId);
      out!.frame.release();
    }
    expect(count).toBe(COUNT);
    for (const { frame, copy } of held) {
      expect(Buffer.compare(frame.data, copy)).toBe(0);
      frame.release();
    }
  });

  it('stay valid when they are retained beyond the end of the source', async () => {
    const source = await FileSource.open(path);
    const [first, second] = await takeFrames(source, 2);
    expect([first, second].map((frame) => readFrameIndex(frame!))).toEqual([0, 1]);
    first!.release();
    second!.release();
  });

  it('are decoded ahead only as far as there are slots', async () => {
    const source = await FileSource.open(path, { slotCount: 3 });
    const frames = await takeFrames(source, 3);
    // All three slots are held: the decoder can have got no further than asking for one more.
    expect(source.stats!.deliveredCount).toBe(3);
    for (const frame of frames) frame.release();
  });

  it('that are all retained end in an error that says so', async () => {
    const source = await FileSource.open(path, { slotCount: 2 });
    const iterator = source[Symbol.asyncIterator]();
    const held = [];
    for (let i = 0; i < 2; i++) held.push(((await iterator.next()).value as Frame).retain());
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const pending = iterator.next();
    const refused = expect(pending).rejects.toMatchObject({
      code: 'VB_FRAMES_RETAINED',
      details: { path, heldCount: 2 },
    });
    await vi.advanceTimersByTimeAsync(30_000);
    await refused;
    for (const frame of held) frame.release();
  });

  it('that are slow to come are waited for while a slot is free', async () => {
    const source = await FileSource.open(path, { slotCount: 4, fps: 1 });
    const iterator = source[Symbol.asyncIterator]();
    const first = ((await iterator.next()).value as Frame).retain();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const pending = iterator.next();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(((await pending).value as Frame).frameId).toBe(30);
    first.release();
    await source.close();
  });
});

describe('a FileSource', () => {
  it('closes itself when its reader leaves the loop', async () => {
    const source = await FileSource.open(path);
    for await (const frame of source) if (frame.frameId === 3) break;
    expect(source.stats!.deliveredCount).toBeLessThan(COUNT);
    await expect(takeFrames(source, 1)).rejects.toMatchObject({ code: 'VB_CLOSED' });
  });

  it('closes itself when its reader throws', async () => {
    const source = await FileSource.open(path);
    const reading = (async () => {
      for await (const frame of source) throw new Error(`no more after ${frame.frameId}`);
    })();
    await expect(reading).rejects.toThrow('no more after 0');
    expect(source.stats).toBeDefined();
  });

  it('is iterated once', async () => {
    const source = await FileSource.open(path);
    let count = 0;
    for await (const frame of source) if (!frame.isReleased) count += 1;
    expect(count).toBe(COUNT);
    await expect(takeFrames(source, 1)).rejects.toThrow(/have been read already/);
  });

  it('closes once, however often it is asked to, and gives no frames after that', async () => {
    const source = await FileSource.open(path);
    const closing = source.close();
    expect(source.close()).toBe(closing);
    await closing;
    await source[Symbol.asyncDispose]();
    await expect(takeFrames(source, 1)).rejects.toThrow(/after close\(\)/);
  });

  it('ends a pending read when it is closed', async () => {
    const source = await FileSource.open(path, { slotCount: 2 });
    const iterator = source[Symbol.asyncIterator]();
    const held = [];
    for (let i = 0; i < 2; i++) held.push(((await iterator.next()).value as Frame).retain());
    const pending = iterator.next();
    await source.close();
    expect(await pending).toEqual({ done: true, value: undefined });
    for (const frame of held) frame.release();
  });

  it('does not open when the signal has been aborted already', async () => {
    const reason = new Error('changed my mind');
    const signal = AbortSignal.abort(reason);
    await expect(FileSource.open(path, { signal })).rejects.toBe(reason);
  });

  it('rejects with the reason of the signal, untouched, when it is aborted in the loop', async () => {
    const controller = new AbortController();
    const source = await FileSource.open(path, { signal: controller.signal });
    const seen: number[] = [];
    const reason = new Error('enough');
    const reading = (async () => {
      for await (const frame of source) {
        seen.push(frame.frameId);
        if (seen.length === 2) controller.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(seen).toEqual([0, 1]);
    await source.close();
  });

  it('rejects a pending read with the reason of the signal', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const source = await FileSource.open(path, { slotCount: 2, signal });
    const iterator = source[Symbol.asyncIterator]();
    const held = [];
    for (let i = 0; i < 2; i++) held.push(((await iterator.next()).value as Frame).retain());
    const pending = iterator.next();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    for (const frame of held) frame.release();
  });

  it('closes when the signal is aborted and nobody reads', async () => {
    const controller = new AbortController();
    const source = await FileSource.open(path, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await source.close();
    await expect(takeFrames(source, 1)).rejects.toThrow('enough');
  });

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const add = vi.spyOn(signal, 'addEventListener');
    await readSource(path, { signal });
    expect(remove.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
      add.mock.calls.map(([type, listener]) => [type, listener]),
    );
  });

  it.skipIf(process.platform !== 'linux')(
    'gives every descriptor back',
    async () => {
      const openFiles = (): number => readdirSync('/proc/self/fd').length;
      const use = async (i: number): Promise<void> => {
        const source = await FileSource.open(path, { maxSide: 32 });
        // Some unread, some left after a frame.
        if (i % 2 === 0) for await (const frame of source) if (frame.frameId >= 0) break;
        await source.close();
      };
      for (let i = 0; i < 4; i++) await use(i);
      const before = openFiles();
      for (let i = 0; i < 200; i += 2) await Promise.all([use(i), use(i + 1)]);
      // An idle thread, of which there may be one more or less now, has four or five of its own.
      expect(openFiles()).toBeLessThan(before + 10);
    },
    120_000,
  );

  it('reads several files at a time', async () => {
    const read = await Promise.all([1, 2, 3].map(() => readSource(path, { maxSide: 64 })));
    for (const { pictures } of read) {
      expect(pictures.map(({ index }) => index)).toEqual(
        Array.from({ length: COUNT }, (_, i) => i),
      );
    }
  });
});

describe('a process with an open FileSource', () => {
  const run = (program: string): Promise<{ readonly stdout: string; readonly stderr: string }> => {
    const index = new URL('../../dist/index.js', import.meta.url).href;
    const code = `import { FileSource } from ${JSON.stringify(index)};
      const source = await FileSource.open(${JSON.stringify(path)}, { slotCount: 2 });
      ${program}`;
    return promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
  };

  it('ends by itself when nobody reads', async () => {
    expect(await run(`console.log('opened');`)).toEqual({ stdout: 'opened\n', stderr: '' });
  });

  it('stays alive for a read that is pending', async () => {
    const { stdout } = await run(
      'let count = 0; for await (const _ of source) count += 1; console.log(count);',
    );
    expect(stdout).toBe(`${COUNT}\n`);
  });

  it('exits cleanly in the middle of decoding, whenever that is', async () => {
    // Aborting in native code would end it with a signal, which rejects.
    for (const turns of [0, 1, 5, 20, 50, 100]) {
      const { stderr } = await run(
        `for (let i = 0; i < ${turns}; i++) await new Promise((resolve) => setImmediate(resolve)); process.exit(0);`,
      );
      expect(stderr).toBe('');
    }
    const { stderr } = await run('for await (const _ of source) process.exit(0);');
    expect(stderr).toBe('');
  });
});
