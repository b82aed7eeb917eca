import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../src/convert/onnx-graph.ts';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import type { InferenceSession } from '../../src/engine/inference-session.ts';
import { FACE_LANDMARK_MESH } from '../../src/model/catalogue.ts';
import { randomFloats } from '../support/random.ts';

const MESH = FACE_LANDMARK_MESH.ref;
const meshInput = (seed = 1) => ({
  input_1: { data: randomFloats(seed, 192 * 192 * 3, 0, 1), dims: [1, 192, 192, 3] },
});
const tensor = (...values: number[]) => ({
  data: Float32Array.from(values),
  dims: [values.length],
});

/** sum = a + b, product = a * b. */
function arithmetic(): Uint8Array {
  const graph = new OnnxGraph(['a', 'b', 'sum', 'product']);
  graph.input('a', ['M']);
  graph.input('b', ['K']);
  graph.node('Add', ['a', 'b'], {}, 'sum');
  graph.node('Mul', ['a', 'b'], {}, 'product');
  graph.output('sum', ['S']);
  graph.output('product', ['S']);
  return graph.finish('arithmetic');
}

describe('an open engine', () => {
  let engine: InferenceEngine;
  let session: InferenceSession;
  beforeAll(async () => {
    engine = await InferenceEngine.open();
    session = await engine.load(arithmetic());
  });
  afterAll(() => engine.close());

  it('says what a model takes and gives', () => {
    expect(session.inputs).toEqual([
      { name: 'a', dims: ['M'] },
      { name: 'b', dims: ['K'] },
    ]);
    expect(session.outputs.map((output) => output.name)).toEqual(['sum', 'product']);
  });

  it('runs a model', async () => {
    expect(await session.run({ a: tensor(1, 2), b: tensor(3, 5) })).toEqual({
      sum: tensor(4, 7),
      product: tensor(3, 10),
    });
  });

  it('computes the kept outputs only', async () => {
    await using kept = await engine.load(arithmetic(), { keepOutputs: ['product'] });
    expect(kept.outputs.map((output) => output.name)).toEqual(['product']);
    expect(await kept.run({ a: tensor(2), b: tensor(3) })).toEqual({ product: tensor(6) });
  });

  it('takes the memory of the inputs, and gives it back when asked', async () => {
    const inputs = { a: tensor(1, 2), b: tensor(3, 5) };
    const back = new Map<string, Float32Array>();
    const running = session.run(inputs, { recycle: (name, data) => back.set(name, data) });
    await running;
    expect(inputs.a.data.length).toBe(0);
    expect(Object.fromEntries(back)).toEqual({
      a: Float32Array.of(1, 2),
      b: Float32Array.of(3, 5),
    });
  });

  it('copies inputs that do not have their memory for themselves', async () => {
    const shared = new Float32Array(
      new SharedArrayBuffer(8),
    ) as unknown as Float32Array<ArrayBuffer>;
    shared.set([10, 20]);
    const large = Float32Array.of(0, 1, 2, 0);
    const part = { data: large.subarray(1, 3), dims: [2] };
    const { sum } = await session.run({ a: part, b: { data: shared, dims: [2] } });
    expect(sum!.data).toEqual(Float32Array.of(11, 22));
    expect([large.length, shared.length]).toEqual([4, 2]);
    const same = tensor(4);
    expect((await session.run({ a: same, b: same }))['product']!.data).toEqual(Float32Array.of(16));
  });

  it.each([
    ['an input too few', { a: tensor(1) }, TypeError, /"b" is missing/],
    ['an input too many', { a: tensor(1), b: tensor(1), c: tensor(1) }, TypeError, /no "c"/],
    [
      'wrong dims',
      { a: tensor(1), b: { data: new Float32Array(1), dims: [1, 1] } },
      RangeError,
      /"b" needs dims \[K\], got \[1, 1\]/,
    ],
    [
      'too few numbers',
      { a: tensor(1), b: { data: new Float32Array(1), dims: [2] } },
      RangeError,
      /needs 2 numbers, got 1/,
    ],
  ])('refuses %s', async (_, inputs, type, message) => {
    const error: unknown = await session.run(inputs).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(type);
    expect(String(error)).toMatch(message);
  });

  it('says that memory was handed to an earlier run', async () => {
    const a = tensor(1);
    await session.run({ a, b: tensor(1) });
    await expect(session.run({ a, b: tensor(1) })).rejects.toThrow(/handed to an earlier run/);
  });

  it('reports a failing inference with its cause, and goes on', async () => {
    const failing = session.run({ a: tensor(1, 2), b: tensor(1, 2, 3) });
    await expect(failing).rejects.toMatchObject({
      code: 'VPX_RUN_FAILED',
      cause: { message: expect.stringMatching(/broadcast/i) as string },
    });
    expect((await session.run({ a: tensor(1), b: tensor(1) }))['sum']).toEqual(tensor(2));
  });

  it.each([
    ['bytes that are no model', Uint8Array.of(1, 2, 3), {}, 'VPX_MODEL_INVALID'],
    ['an output that does not exist', arithmetic(), { keepOutputs: ['x'] }, 'VPX_OUTPUT_UNKNOWN'],
    [
      'a missing package',
      { kind: 'npm', package: 'not-there', file: 'a.tflite' } as const,
      {},
      'VPX_MODEL_MISSING',
    ],
    ['a damaged model', new TextEncoder().encode('....TFL3'), {}, 'VPX_MODEL_INVALID'],
  ])('refuses to load %s', async (_, model, options, code) => {
    await expect(engine.load(model, options)).rejects.toMatchObject({ code });
  });

  it('refuses a run that is aborted before it begins, and leaves its memory alone', async () => {
    const inputs = { a: tensor(1), b: tensor(1) };
    const reason = new Error('enough');
    await expect(session.run(inputs, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(inputs.a.data.length).toBe(1);
  });

  it('withdraws a waiting run when it is aborted, and runs the others', async () => {
    const mesh = await engine.load(MESH);
    const controller = new AbortController();
    const reason = new Error('enough');
    const before = [mesh.run(meshInput()), mesh.run(meshInput())];
    const inputs = meshInput();
    const waiting = mesh.run(inputs, { signal: controller.signal });
    const after = mesh.run(meshInput());
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(inputs.input_1.data.length).toBe(192 * 192 * 3);
    expect(await Promise.all([...before, after])).toHaveLength(3);
    await mesh.release();
  });

  it('lets go of a running inference at once when it is aborted', async () => {
    const mesh = await engine.load(MESH);
    const controller = new AbortController();
    const reason = new Error('enough');
    const settled: string[] = [];
    const inputs = meshInput();
    const first = mesh.run(inputs, { signal: controller.signal });
    const second = mesh.run(meshInput()).then(() => settled.push('second'));
    expect(inputs.input_1.data.length).toBe(0);
    controller.abort(reason);
    await expect(first).rejects.toBe(reason);
    settled.push('first');
    await second;
    expect(settled).toEqual(['first', 'second']);
    await mesh.release();
  });

  it('answers in the order of the calls, whatever the session', async () => {
    const mesh = await engine.load(MESH);
    const order: string[] = [];
    await Promise.all([
      mesh.run(meshInput()).then(() => order.push('slow 1')),
      session.run({ a: tensor(1), b: tensor(1) }).then(() => order.push('quick 1')),
      mesh.run(meshInput()).then(() => order.push('slow 2')),
      session.run({ a: tensor(1), b: tensor(1) }).then(() => order.push('quick 2')),
      mesh.release().then(() => order.push('release')),
    ]);
    expect(order).toEqual(['slow 1', 'quick 1', 'slow 2', 'quick 2', 'release']);
  });

  it('refuses runs after the release of their session, which may be repeated', async () => {
    const gone = await engine.load(arithmetic());
    await gone.release();
    await gone.release();
    await expect(gone.run({ a: tensor(1), b: tensor(1) })).rejects.toMatchObject({
      code: 'VPX_CLOSED',
    });
  });

  it('passes the reason of an aborted load on', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const loading = engine.load(MESH, { signal: controller.signal });
    controller.abort(reason);
    await expect(loading).rejects.toBe(reason);
    await expect(engine.load(MESH, { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('closing an engine', () => {
  it('may be repeated, and refuses what comes after', async () => {
    const engine = await InferenceEngine.open();
    const session = await engine.load(arithmetic());
    expect(engine.close()).toBe(engine.close());
    await engine.close();
    await expect(engine.load(arithmetic())).rejects.toMatchObject({ code: 'VPX_CLOSED' });
    await expect(session.run({ a: tensor(1), b: tensor(1) })).rejects.toMatchObject({
      code: 'VPX_CLOSED',
    });
    await expect(session.release()).resolves.toBeUndefined();
  });

  it('finishes what runs and refuses what waits', async () => {
    const engine = await InferenceEngine.open();
    const mesh = await engine.load(MESH);
    const runs = Array.from({ length: 6 }, (_, i) => mesh.run(meshInput(i)));
    const settled = Promise.allSettled(runs);
    await engine.close();
    const results = await settled;
    expect(results[0]!.status).toBe('fulfilled');
    const codes = results.map((result) =>
      result.status === 'rejected' ? (result.reason as { code: string }).code : 'done',
    );
    expect(codes).toEqual(['done', 'done', ...new Array<string>(4).fill('VPX_CLOSED')]);
  });

  it('happens at the end of an await using block', async () => {
    let session: InferenceSession;
    {
      await using engine = await InferenceEngine.open();
      session = await engine.load(arithmetic());
    }
    await expect(session.run({ a: tensor(1), b: tensor(1) })).rejects.toMatchObject({
      code: 'VPX_CLOSED',
    });
  });

  it('lets a new engine be opened, again and again', async () => {
    for (let i = 0; i < 4; i++) {
      await using engine = await InferenceEngine.open({ threadCount: 1 + (i % 2) });
      const session = await engine.load(arithmetic());
      expect((await session.run({ a: tensor(i), b: tensor(1) }))['sum']).toEqual(tensor(i + 1));
    }
  });
});

describe('engine options', () => {
  it.each([
    [{ threadCount: 0 }, /threadCount.*from 1 to 256, got 0/],
    [{ threadCount: 1.5 }, /threadCount/],
    [{ queueCapacity: 0 }, /queueCapacity/],
    [{ executionProviders: [] }, /executionProviders.*at least one of cpu, .*got none/],
    [{ executionProviders: ['abacus' as 'cpu'] }, /executionProviders.*got "abacus"/],
  ])('refuses %o', async (options, message) => {
    await expect(InferenceEngine.open(options)).rejects.toThrow(message);
  });

  it('refuses calls beyond the capacity of the queue', async () => {
    await using engine = await InferenceEngine.open({ queueCapacity: 1 });
    const mesh = await engine.load(MESH);
    const accepted = [1, 2, 3].map((seed) => mesh.run(meshInput(seed)));
    await expect(mesh.run(meshInput())).rejects.toMatchObject({ code: 'VPX_ENGINE_BUSY' });
    expect(await Promise.all(accepted)).toHaveLength(3);
  });
});

describe('a shared engine', () => {
  it('gives each holder room of its own in the queue', async () => {
    const one = await InferenceEngine.shared({ queueCapacity: 1 });
    const two = await InferenceEngine.shared({ queueCapacity: 1 });
    const mesh = await one.load(MESH);
    const other = await two.load(arithmetic());
    const accepted = [1, 2, 3].map((seed) => mesh.run(meshInput(seed)));
    await expect(mesh.run(meshInput())).rejects.toMatchObject({ code: 'VPX_ENGINE_BUSY' });
    expect((await other.run({ a: tensor(1), b: tensor(1) }))['sum']).toEqual(tensor(2));
    await Promise.all(accepted);
    await Promise.all([one.close(), two.close()]);
  });

  it('goes on until its last holder has closed it', async () => {
    const one = await InferenceEngine.shared();
    const two = await InferenceEngine.shared();
    const ofOne = await one.load(arithmetic());
    const ofTwo = await two.load(arithmetic());
    await one.close();
    await one.close();
    await expect(ofOne.run({ a: tensor(1), b: tensor(1) })).rejects.toMatchObject({
      code: 'VPX_CLOSED',
    });
    expect((await ofTwo.run({ a: tensor(1), b: tensor(1) }))['sum']).toEqual(tensor(2));
    await two.close();
    await using three = await InferenceEngine.shared();
    const ofThree = await three.load(arithmetic());
    expect((await ofThree.run({ a: tensor(1), b: tensor(1) }))['sum']).toEqual(tensor(2));
  });
});
