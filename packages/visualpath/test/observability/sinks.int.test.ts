import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  ConsoleSink,
  FileSink,
  ObservabilityHub,
  TraceLevel,
  type TraceRecord,
} from '../../src/observability/index.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'visualpath-trace-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const error = (message: string): TraceRecord => ({
  ...{ type: 'error', epochMs: 0, runId: 'run', node: 'n', code: undefined, message },
});

describe('FileSink', () => {
  it('writes a line of JSON for each record, in order, to a private file', async () => {
    const file = path.join(folder, 'trace.jsonl');
    const sink = new FileSink(file);
    for (let i = 0; i < 5000; i++) sink.write(error(`line\n${i}`));
    await sink.close();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const messages = lines.map((line) => (JSON.parse(line) as { message: string }).message);
    expect(messages).toEqual(Array.from({ length: 5000 }, (_, i) => `line\n${i}`));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('adds to a file that is there', async () => {
    const file = path.join(folder, 'twice.jsonl');
    for (const message of ['a', 'b']) {
      const sink = new FileSink(file);
      sink.write(error(message));
      await sink.close();
    }
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
  });

  it('makes no file without records', async () => {
    const file = path.join(folder, 'none.jsonl');
    await new FileSink(file).close();
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that cannot write ends in a warning, not in an error of the run', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const sink = new FileSink(path.join(folder, 'no', 'such', 'folder.jsonl'));
    const hub = new ObservabilityHub({ level: TraceLevel.MINIMAL, sinks: [sink] });
    hub.emit(error('a'));
    await hub.flush();
    hub.emit(error('b'));
    await hub.close();
    expect(hub.failedCount).toBe(1);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('ENOENT'), expect.anything());
    warned.mockRestore();
  });
});

describe('ConsoleSink', () => {
  it('writes one line for each record, whatever is in it', () => {
    const lines: string[] = [];
    const sink = new ConsoleSink({ write: (text) => void lines.push(text) });
    sink.write(error('two\nlines type=trigger'));
    expect(lines).toEqual([
      '1970-01-01T00:00:00.000Z run error node="n" message="two\\nlines type=trigger"\n',
    ]);
  });
});
