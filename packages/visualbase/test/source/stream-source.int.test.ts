import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/frame/frame.ts';
import type { LiveEvent } from '../../src/live/live-job.ts';
import { RtspSource, StreamSource } from '../../src/source/stream-source.ts';
import type { LiveSourceOptions } from '../../src/source/live-source-options.ts';
import { makeVideo, readFrameIndex } from '../../src/testing/index.ts';
import { TsServer } from '../support/ts-server.ts';
import { useTempFolder } from './read-source.ts';

const inFolder = useTempFolder();
const SECONDS = 4;
const QUICKLY: LiveSourceOptions = { reconnect: { initialDelayMs: 50, maxDelayMs: 100 } };
let path = '';
let server: TsServer;
beforeAll(async () => {
  path = inFolder('live.ts');
  await makeVideo({
    path,
    width: 160,
    height: 120,
    frameCount: SECONDS * 30,
    gop: 15,
    audio: true,
  });
});
afterEach(async () => {
  await server?.kill();
});

/** Which picture of the made video it is; -1 for one that was cut in two with the connection. */
function indexOf(frame: Frame): number {
  try {
    return readFrameIndex(frame);
  } catch {
    return -1;
  }
}

/** Reads until `isEnough`, and gives what was read. */
async function read(
  source: StreamSource,
  isEnough: (frameCount: number) => boolean,
): Promise<{ tNs: number; frameId: number; index: number }[]> {
  const frames: { tNs: number; frameId: number; index: number }[] = [];
  for await (const frame of source) {
    const { tSrcNs, frameId } = frame;
    frames.push({ tNs: tSrcNs, frameId, index: indexOf(frame) });
    if (isEnough(frames.length)) break;
  }
  return frames;
}

describe('a stream', () => {
  it('gives each picture with the time between it and the first', async () => {
    server = await TsServer.start(path, SECONDS);
    const source = await StreamSource.open(server.url, QUICKLY);
    const frames = await read(source, (count) => count === 30);
    const first = frames[0]!.index;
    expect(frames[0]).toMatchObject({ tNs: 0, frameId: 0 });
    for (const { tNs, index } of frames) {
      expect(Math.abs(tNs - ((index - first) * 1e9) / 30)).toBeLessThan(20_000);
    }
    expect(source.stats.latencyMs!.p50).toBeLessThan(1000);
  });

  it('comes back each time it breaks off, with times that go on and gaps that are told', async () => {
    server = await TsServer.start(path, SECONDS);
    const events: LiveEvent[] = [];
    const source = await StreamSource.open(server.url, {
      ...QUICKLY,
      onEvent: (event) => events.push(event),
    });
    const breaks = 5;
    let lost = 0;
    let sinceBack = 0;
    let last = { tNs: -1, frameId: -1 };
    for await (const { tSrcNs, frameId } of source) {
      expect(tSrcNs).toBeGreaterThan(last.tNs);
      expect(frameId).toBeGreaterThan(last.frameId);
      last = { tNs: tSrcNs, frameId };
      sinceBack += 1;
      if (sinceBack < 10) continue;
      if (lost === breaks) break;
      sinceBack = -1000;
      await server.kill();
      setTimeout(() => {
        sinceBack = 0;
        void server.restart();
      }, 1200);
      lost += 1;
    }
    const { stats } = source;
    expect(stats.connectCount).toBe(breaks + 1);
    expect(stats.lostCount).toBe(breaks);
    expect(stats.gaps).toHaveLength(breaks);
    for (const { startNs, endNs } of stats.gaps) expect(endNs - startNs).toBeGreaterThan(1e9);
    expect(events.filter(({ type }) => type === 'lost')).toHaveLength(breaks);
    expect(events.filter(({ type }) => type === 'connected')).toHaveLength(breaks);
  }, 30_000);

  it('counts as lost when it falls silent', async () => {
    server = await TsServer.start(path, SECONDS);
    const events: string[] = [];
    const source = await StreamSource.open(server.url, {
      ...QUICKLY,
      stallTimeoutMs: 300,
      onEvent: ({ type }) => {
        events.push(type);
        if (type === 'stalled') server.isSilent = false;
      },
    });
    let count = 0;
    for await (const frame of source) {
      count += 1;
      if (count === 5) server.isSilent = true;
      if (frame.tSrcNs > 0 && source.stats.connectCount > 1) break;
    }
    expect(events).toContain('stalled');
    expect(events.indexOf('lost')).toBeGreaterThan(events.indexOf('stalled'));
    expect(source.stats.stallCount).toBe(1);
  });

  it('ends with an error when it does not come back within the attempts allowed', async () => {
    server = await TsServer.start(path, SECONDS);
    const source = await StreamSource.open(server.url, {
      reconnect: { maxAttempts: 2, initialDelayMs: 10 },
    });
    const reading = read(source, (count) => {
      if (count === 5) void server.kill();
      return false;
    });
    await expect(reading).rejects.toMatchObject({
      code: 'VB_STREAM_LOST',
      details: { attempts: 2 },
    });
  });

  it('gives up frames that a slow reader is too late for, and counts them', async () => {
    server = await TsServer.start(path, SECONDS);
    const source = await StreamSource.open(server.url, {
      ...QUICKLY,
      slotCount: 2,
      overflow: 'latest',
    });
    const ids: number[] = [];
    for await (const { frameId } of source) {
      ids.push(frameId);
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (ids.length === 6) break;
    }
    expect(ids.at(-1)! - ids[0]!).toBeGreaterThan(15);
    expect(source.stats.droppedCount).toBeGreaterThan(5);
  });

  it('can be closed while it waits, and while it tries to come back', async () => {
    server = await TsServer.start(path, SECONDS);
    const source = await StreamSource.open(server.url, {
      reconnect: { initialDelayMs: 60_000, maxDelayMs: 60_000 },
    });
    const reading = read(source, () => false);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await source.close();
    expect((await reading).length).toBeGreaterThan(0);
  });

  it('can be aborted at any time while it opens, and leaves no folder behind', async () => {
    server = await TsServer.start(path, SECONDS);
    for (let delayMs = 0; delayMs < 200; delayMs += 20) {
      const signal = AbortSignal.timeout(delayMs);
      const record = { storage: 'disk' } as const;
      const opening = StreamSource.open(server.url, { ...QUICKLY, record, signal });
      await opening.then(
        (source) => source.close(),
        (error: unknown) => expect(error).toMatchObject({ name: 'TimeoutError' }),
      );
    }
  });

  it('that is a file is read once, also when its connection breaks off', async () => {
    const file = inFolder('file.mkv');
    await makeVideo({ path: file, width: 160, height: 120, frameCount: SECONDS * 30 });
    const bytes = await readFile(file);
    const web = createServer((request, response) => {
      response.writeHead(200, {
        'content-length': bytes.length,
        'content-type': 'video/x-matroska',
      });
      response.write(bytes.subarray(0, bytes.length / 2), () => {
        setTimeout(() => request.socket.destroy(), 200);
      });
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    const source = await StreamSource.open(`http://127.0.0.1:${port}/a.mkv`, QUICKLY);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const frame of source) seen.push(frame.tSrcNs);
    })();
    await reading.catch((error: unknown) =>
      expect(error).toMatchObject({ code: 'VB_STREAM_LOST' }),
    );
    web.close();
    expect(seen.length).toBeLessThanOrEqual(SECONDS * 30);
    expect(seen.at(-1)).toBeLessThan(SECONDS * 1e9);
  });

  it('rejects a pending read with the reason of an abort', async () => {
    server = await TsServer.start(path, SECONDS);
    const controller = new AbortController();
    const source = await StreamSource.open(server.url, { ...QUICKLY, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 300);
    await expect(read(source, () => false)).rejects.toThrow('enough');
  });
});

describe('the address of a stream', () => {
  it('that nobody answers at is an error at once, which tells no password', async () => {
    const opening = StreamSource.open('rtsp://user:secret@127.0.0.1:9/door');
    await expect(opening).rejects.toMatchObject({ code: 'VB_SOURCE_UNREACHABLE' });
    await expect(opening).rejects.not.toThrow(/secret/);
    const srt = StreamSource.open('srt://127.0.0.1:9?passphrase=topsecret123&timeout=100000');
    await expect(srt).rejects.not.toThrow(/topsecret/);
  });

  it('that never answers is an error in time', async () => {
    const opening = StreamSource.open('udp://127.0.0.1:29999', { connectTimeoutMs: 300 });
    await expect(opening).rejects.toThrow(/no answer within 300 ms/);
  });

  it('of a file is refused, also behind a stream', async () => {
    await expect(StreamSource.open('file:///etc/passwd')).rejects.toMatchObject({
      code: 'VB_SOURCE_UNKNOWN',
    });
    await expect(RtspSource.open('http://127.0.0.1/')).rejects.toThrow(/rtsp:/);
  });
});
