import { describe, expect, it, vi } from 'vitest';
import {
  LEVEL_OF,
  MemorySink,
  NullSink,
  ObservabilityHub,
  TraceLevel,
  type TraceRecord,
} from '../../src/observability/index.ts';

const record = (frameId: number): TraceRecord => ({
  ...{ type: 'frame', epochMs: 1, runId: 'run', frameId, tNs: 0, latencyMs: 1, itemCount: 1 },
});

describe('ObservabilityHub', () => {
  it('hands records of its level to every sink, and no others', () => {
    const sinks = [new MemorySink(), new MemorySink()];
    const hub = new ObservabilityHub({ level: TraceLevel.MINIMAL, sinks });
    hub.emit(record(0));
    hub.configure({ level: TraceLevel.NORMAL });
    hub.emit(record(1));
    for (const sink of sinks) expect(sink.records).toEqual([record(1)]);
  });

  it('is on only with a level and a sink', () => {
    const hub = new ObservabilityHub({ level: TraceLevel.VERBOSE });
    expect(hub.isOn(TraceLevel.MINIMAL)).toBe(false);
    hub.addSink(new NullSink());
    expect(hub.isOn(TraceLevel.VERBOSE)).toBe(true);
    hub.configure({ level: TraceLevel.OFF });
    expect(hub.isOn(TraceLevel.OFF)).toBe(false);
    expect(hub.isOn(TraceLevel.MINIMAL)).toBe(false);
  });

  it('drops a sink that fails, with one warning, and goes on with the others', () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const good = new MemorySink();
    const bad = {
      write: () => {
        throw new Error('disk full');
      },
    };
    const hub = new ObservabilityHub({ level: TraceLevel.NORMAL, sinks: [bad, good] });
    hub.emit(record(0));
    hub.emit(record(1));
    expect(good.records).toHaveLength(2);
    expect(hub.failedCount).toBe(1);
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });

  it('closes every sink, also when one of them fails', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const closed: string[] = [];
    const sink = (name: string, fails: boolean) => ({
      write: () => undefined,
      close: async () => {
        closed.push(name);
        if (fails) throw new Error('busy');
        await Promise.resolve();
      },
    });
    const hub = new ObservabilityHub({ level: 1, sinks: [sink('a', true), sink('b', false)] });
    await hub.close();
    expect(closed).toEqual(['a', 'b']);
    expect(hub.level).toBe(TraceLevel.OFF);
    warned.mockRestore();
  });

  it('is one and the same for the process, and off at first', () => {
    expect(ObservabilityHub.getInstance()).toBe(ObservabilityHub.getInstance());
    expect(ObservabilityHub.getInstance().level).toBe(TraceLevel.OFF);
  });

  it('knows the level of every type of record', () => {
    expect(Object.values(LEVEL_OF).every((level) => level >= TraceLevel.MINIMAL)).toBe(true);
  });
});

describe('MemorySink', () => {
  it('keeps the newest records, oldest first', () => {
    const sink = new MemorySink({ capacity: 3 });
    for (let i = 0; i < 5; i++) sink.write(record(i));
    expect(sink.records.map((one) => 'frameId' in one && one.frameId)).toEqual([2, 3, 4]);
    sink.clear();
    expect(sink.records).toEqual([]);
  });

  it('refuses a capacity that is none', () => {
    expect(() => new MemorySink({ capacity: 0 })).toThrow('from 1, got 0');
  });
});
