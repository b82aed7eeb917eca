import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { listPictures, makeVideo } from '../../src/testing/index.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const inFolder = useTempFolder();
let video = '';
beforeAll(async () => {
  video = inFolder('a talk.mp4');
  await makeVideo({ path: video, width: 160, height: 120, frameCount: 90, audio: true });
});

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const visualbase = (...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });

describe('visualbase info', () => {
  it('says what is in a file, for people and for machines', async () => {
    const { exitCode, stdout } = await visualbase('info', video);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/video +h264, 160x120, yuv420p/);
    expect(stdout).toMatch(/length +0:03\.000 \(3 s\)/);
    expect(stdout).toMatch(/audio +aac, 48000 Hz, 1 channels/);
    const json = JSON.parse((await visualbase('info', video, '--json')).stdout) as object;
    expect(json).toMatchObject({ durationNs: 3e9, video: { frameCount: 90, fps: 30 } });
  });

  it.each([
    ['missing', 'VB_FILE_NOT_FOUND'],
    ['text', 'VB_NOT_MEDIA'],
    ['empty', 'VB_FILE_EMPTY'],
  ])('says in one line what is wrong with a %s file', async (kind, code) => {
    const path = inFolder(kind);
    if (kind !== 'missing') await writeFile(path, kind === 'text' ? 'no video at all' : '');
    const { exitCode, stdout, stderr } = await visualbase('info', path);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(String.raw`^visualbase: .*\[${code}\]\n$`));
  });
});

describe('visualbase clip', () => {
  it('cuts around a moment, and says what it wrote', async () => {
    const path = inFolder('clip.mp4');
    const around = ['--at', '0:01.5', '--pre', '0.5', '--post', '0.5'];
    const { exitCode, stdout } = await visualbase('clip', video, ...around, '-o', path);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(path);
    const indices = (await listPictures(path)).map(({ index }) => index);
    expect(indices).toEqual(Array.from({ length: 30 }, (_, i) => 30 + i));
  });

  it.each([[[]], [['--at', '1', '--from', '1', '--to', '2']], [['--from', '2']]])(
    'wants a moment or a range, not %j',
    async (flags) => {
      const outcome = await visualbase('clip', video, ...flags, '-o', inFolder('never.mp4'));
      expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
      expect(outcome.stderr).toContain('--at');
    },
  );

  it('refuses a range outside of the file, and writes nothing', async () => {
    const range = ['--from', '60', '--to', '61'];
    const { exitCode, stderr } = await visualbase('clip', video, ...range, '-o', inFolder('out'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('VB_CLIP_OUTSIDE');
    expect(await readdir(inFolder('out'))).toEqual([]);
  });
});

describe('visualbase frames', () => {
  it('writes pictures named by their time', async () => {
    const { exitCode, stdout, stderr } = await visualbase(
      ...['frames', video, '--fps', '2', '-o', inFolder('pictures'), '--format', 'png'],
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^6 pictures from 0:00\.000 to 0:02\.500 in /);
    expect(stderr).toContain('(50 %)');
    expect((await readdir(inFolder('pictures'))).sort()).toEqual(
      ['0.000', '0.500', '1.000', '1.500', '2.000', '2.500'].map(
        (sec) => `frame-000000${sec}s.png`,
      ),
    );
  });

  it('takes them from a range and up to a count, and lists them for machines', async () => {
    const range = ['--from', '1', '--to', '2', '--max-frames', '4', '--json', '-q'];
    const { stdout } = await visualbase('frames', video, ...range, '-o', inFolder('few'));
    const { frames } = JSON.parse(stdout) as { frames: { frameId: number }[] };
    expect(frames.map(({ frameId }) => frameId)).toEqual([30, 31, 32, 33]);
  });

  it('reads what FFmpeg makes for as long as it is told', async () => {
    const graph = 'lavfi:testsrc2=size=64x48:rate=30';
    const flags = ['--for', '1', '--fps', '5', '-q', '-o', inFolder('made')];
    const { exitCode, stdout } = await visualbase('frames', graph, ...flags);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^5 pictures/);
  });

  it('says in one line when a picture cannot be written', async () => {
    const graph = 'lavfi:testsrc2=size=64x48:rate=30';
    const { exitCode, stderr } = await visualbase(
      ...['frames', graph, '-q', '-o', `${video}/inside-a-file`],
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^visualbase: [^\n]+\[VB_WRITE_FAILED\]\n$/);
  });

  it('refuses a range of what is no file', async () => {
    const flags = ['--from', '1', '-o', inFolder('never')];
    const outcome = await visualbase('frames', 'lavfi:testsrc2', ...flags);
    expect(outcome).toMatchObject({ exitCode: 2 });
    expect(outcome.stderr).toContain('--for');
  });

  it('leaves the pictures that are written behind on Ctrl-C', async () => {
    const folder = inFolder('stopped');
    const graph = 'lavfi:testsrc2=size=640x480:rate=30,realtime';
    const child = spawn(process.execPath, [CLI, 'frames', graph, '-o', folder, '--json']);
    const stdout: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    const seen = async () => (await readdir(folder).catch(() => [])).length;
    while ((await seen()) < 5) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const [exitCode] = (await once(child, 'close')) as [number];
    expect(exitCode).toBe(130);
    const { frames } = JSON.parse(Buffer.concat(stdout).toString()) as { frames: object[] };
    const files = await readdir(folder);
    expect(files).toHaveLength(frames.length);
    expect(files.every((name) => name.endsWith('s.jpg'))).toBe(true);
  });
});

describe('visualbase still and sheet', () => {
  it('take the picture that is shown at a time', async () => {
    const path = inFolder('still.png');
    const { exitCode, stdout } = await visualbase('still', video, '--at', '1.01', '-o', path);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^0:01\.000: 160x120, /);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(path);
  });

  it('put stills onto one picture', async () => {
    const path = inFolder('sheet.jpg');
    const flags = ['--count', '6', '--columns', '3', '--tile-width', '80', '--json'];
    const { stdout } = await visualbase('sheet', video, ...flags, '-o', path);
    const sheet = JSON.parse(stdout) as { tiles: { tSrcNs: number }[]; tileWidthPx: number };
    expect(sheet.tiles).toHaveLength(6);
    expect(sheet.tileWidthPx).toBe(80);
  });

  it('refuse an ending that is no picture, before anything is read', async () => {
    const at = ['--at', '1', '-o', inFolder('still.txt')];
    expect(await visualbase('still', video, ...at)).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('visualbase', () => {
  it('lists cameras, of which there may be none, and teaches what else there is', async () => {
    const { exitCode, stdout } = await visualbase('sources');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('rtsp://');
    const { cameras } = JSON.parse((await visualbase('sources', '--json')).stdout) as {
      cameras: unknown[];
    };
    expect(Array.isArray(cameras)).toBe(true);
  });

  it('shows help with examples, and tells wrong usage from failure', async () => {
    const help = await visualbase('--help');
    expect(help).toMatchObject({ exitCode: 0 });
    expect(help.stdout).toContain('Examples:');
    expect(await visualbase('frames', video)).toMatchObject({ exitCode: 2 });
    expect(await visualbase('nonsense')).toMatchObject({ exitCode: 2 });
  });
});
