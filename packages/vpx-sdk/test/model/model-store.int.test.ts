import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  FACE_DETECTION_FULL_RANGE,
  FACE_DETECTION_SHORT_RANGE,
  FACE_LANDMARK_MESH,
} from '../../src/model/catalogue.ts';
import type { ModelRef } from '../../src/model/model-ref.ts';
import { ModelStore } from '../../src/model/model-store.ts';
import { modelBytes } from '../support/model-bytes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SHORT = FACE_DETECTION_SHORT_RANGE.ref;
const workingFolder = process.cwd();
afterEach(() => process.chdir(workingFolder));

const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;

describe('ModelStore', () => {
  it.each([
    ['short range', FACE_DETECTION_SHORT_RANGE],
    ['full range', FACE_DETECTION_FULL_RANGE],
    ['mesh', FACE_LANDMARK_MESH],
  ])('finds the %s model of the catalogue, with its checksum', async (_, { ref }) => {
    const store = new ModelStore({ cacheFolder: await temporaryFolder() });
    const model = await store.resolve(ref);
    expect(model.sha256).toBe(ref.sha256);
    expect(model.onnx.length).toBeGreaterThan(100_000);
  });

  it('converts a model once and takes it from the cache from then on', async () => {
    const cacheFolder = await temporaryFolder();
    const first = await new ModelStore({ cacheFolder }).resolve(SHORT);
    const second = await new ModelStore({ cacheFolder }).resolve(SHORT);
    expect([first.origin, second.origin]).toEqual(['converted', 'cache']);
    expect(Buffer.compare(first.onnx, second.onnx)).toBe(0);
  });

  it('keeps models with different outputs apart', async () => {
    const store = new ModelStore({ cacheFolder: await temporaryFolder() });
    const all = await store.resolve(SHORT);
    const scores = await store.resolve(SHORT, { keepOutputs: ['classificators'] });
    expect(scores.origin).toBe('converted');
    expect(scores.onnx.length).toBeLessThan(all.onnx.length);
  });

  it.each([
    ['a changed byte', (entry: Buffer) => entry.fill(entry[1000]! ^ 1, 1000, 1001)],
    ['half of its bytes', (entry: Buffer) => entry.subarray(0, entry.length / 2)],
    ['no bytes', () => Buffer.alloc(0)],
  ])('makes a cache entry with %s anew', async (_, damage) => {
    const cacheFolder = await temporaryFolder();
    const store = new ModelStore({ cacheFolder });
    const good = await store.resolve(SHORT);
    const [name] = await readdir(cacheFolder);
    const file = path.join(cacheFolder, name!);
    await writeFile(file, damage(await readFile(file)));
    const again = await store.resolve(SHORT);
    expect(again.origin).toBe('converted');
    expect(Buffer.compare(again.onnx, good.onnx)).toBe(0);
    expect((await store.resolve(SHORT)).origin).toBe('cache');
  });

  it('does without a cache folder that cannot be made', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const store = new ModelStore({ cacheFolder: path.join(file, 'models') });
    expect((await store.resolve(SHORT)).origin).toBe('converted');
    expect((await store.resolve(SHORT)).origin).toBe('converted');
  });

  it('leaves one whole entry when many write it at once', async () => {
    const cacheFolder = await temporaryFolder();
    const stores = Array.from({ length: 6 }, () => new ModelStore({ cacheFolder }));
    await Promise.all(stores.map((store) => store.resolve(SHORT)));
    expect(await readdir(cacheFolder)).toHaveLength(1);
    expect((await stores[0]!.resolve(SHORT)).origin).toBe('cache');
  });

  it('gives the command that installs a missing package', async () => {
    const ref: ModelRef = { kind: 'npm', package: '@mediapipe/not_there', file: 'a.tflite' };
    await expect(new ModelStore().resolve(ref)).rejects.toEqual(
      failure('VPX_MODEL_MISSING', /Run: npm install @mediapipe\/not_there$/),
    );
    const packed: ModelRef = { kind: 'npm-packed', package: 'not-there', asset: 'a.tflite' };
    await expect(new ModelStore().resolve(packed)).rejects.toEqual(
      failure('VPX_MODEL_MISSING', /Run: npm install not-there$/),
    );
  });

  it.each<[string, ModelRef, string, RegExp]>([
    [
      'a file that the package lacks',
      { kind: 'npm', package: '@mediapipe/face_detection', file: 'gone.tflite' },
      'VPX_MODEL_MISSING',
      /installed without it; reinstall it: npm install @mediapipe\/face_detection/,
    ],
    [
      'a path out of the package',
      { kind: 'npm', package: '@mediapipe/face_detection', file: '../face_mesh/package.json' },
      'VPX_MODEL_INVALID',
      /outside the package/,
    ],
    [
      'a package name that is a path',
      { kind: 'npm', package: '../../etc', file: 'passwd' },
      'VPX_MODEL_INVALID',
      /not the name of an npm package/,
    ],
    [
      'an asset that is not packed',
      { kind: 'npm-packed', package: '@mediapipe/face_mesh', asset: 'gone.tflite' },
      'VPX_MODEL_INVALID',
      /no packed asset "gone.tflite"; it has .*face_landmark.tflite/,
    ],
    [
      'a package that packs nothing',
      { kind: 'npm-packed', package: '@mediapipe/face_detection', asset: 'a.tflite' },
      'VPX_MODEL_INVALID',
      /it has none/,
    ],
    [
      'a file that is not there',
      { kind: 'file', path: 'gone.tflite' },
      'VPX_MODEL_MISSING',
      /gone\.tflite cannot be read/,
    ],
    [
      'a file that is no model',
      { kind: 'npm', package: '@mediapipe/face_detection', file: 'README.md' },
      'VPX_MODEL_INVALID',
      /@mediapipe\/face_detection\/README.md: A TFL3 file has "TFL3"/,
    ],
    [
      'a .json that is no model',
      { kind: 'npm', package: '@mediapipe/face_detection', file: 'package.json' },
      'VPX_MODEL_INVALID',
      /package.json: The model is no graph model of TensorFlow.js/,
    ],
    [
      'another file than the checksum says',
      { ...SHORT, sha256: '0'.repeat(64) },
      'VPX_MODEL_INVALID',
      /has the SHA-256 3bc182eb.*expected 0000/,
    ],
  ])('refuses %s', async (_, ref, code, message) => {
    const store = new ModelStore({ cacheFolder: await temporaryFolder() });
    await expect(store.resolve(ref)).rejects.toEqual(failure(code, message));
  });

  it('uses an .onnx file as it is', async () => {
    const file = path.join(await temporaryFolder(), 'Own.ONNX');
    await writeFile(file, 'whatever');
    const model = await new ModelStore().resolve({ kind: 'file', path: file });
    expect(model).toEqual({
      onnx: Buffer.from('whatever'),
      sha256: createHash('sha256').update('whatever').digest('hex'),
      origin: 'onnx',
    });
  });

  it.each([
    ['gone.bin', 'VPX_MODEL_MISSING', /gone\.bin cannot be read/],
    ['../weights.bin', 'VPX_MODEL_INVALID', /not a file beside it/],
  ])('refuses a graph model with the weights %s', async (name, code, message) => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'model.json');
    const model = {
      modelTopology: { node: [] },
      weightsManifest: [{ paths: [name], weights: [] }],
    };
    await writeFile(file, JSON.stringify(model));
    const store = new ModelStore({ cacheFolder: folder });
    await expect(store.resolve({ kind: 'file', path: file })).rejects.toEqual(
      failure(code, message),
    );
  });

  it('finds packages of the working folder too', async () => {
    const project = await temporaryFolder();
    const folder = path.join(project, 'node_modules', 'own-models');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{"name":"own-models","exports":{}}');
    await writeFile(path.join(folder, 'face.tflite'), await modelBytes(SHORT));
    process.chdir(project);
    const store = new ModelStore({ cacheFolder: path.join(project, 'cache') });
    const { sha256 } = await store.resolve({
      kind: 'npm',
      package: 'own-models',
      file: 'face.tflite',
    });
    expect(sha256).toBe(SHORT.sha256);
  });

  it('looks first where the package that depends on the model finds it', async () => {
    const plugin = await temporaryFolder();
    const folder = path.join(plugin, 'node_modules/@mediapipe/face_detection');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{"version": "0.0.0"}');
    const model = await modelBytes(SHORT);
    await writeFile(path.join(folder, 'only-here.tflite'), model);
    const store = new ModelStore({ cacheFolder: await temporaryFolder() });
    const ref = {
      kind: 'npm',
      package: '@mediapipe/face_detection',
      file: 'only-here.tflite',
    } as const;
    const from = pathToFileURL(path.join(plugin, 'dist/module.js')).href;
    expect((await store.resolve({ ...ref, from })).sha256).toBe(SHORT.sha256);
    await expect(store.resolve(ref)).rejects.toEqual(
      failure('VPX_MODEL_MISSING', /installed without it/),
    );
  });

  it.each([
    [
      'reaches beyond its data',
      '[{"filename": "/m/a.tflite", "start": 2, "end": 9}]',
      /bytes 2 to 9 of 4/,
    ],
    [
      'starts before it',
      '[{"filename": "/m/a.tflite", "start": -2, "end": 3}]',
      /bytes -2 to 3 of 4/,
    ],
    ['has no numbers', '[{"filename": "/m/a.tflite"}]', /not a list of files/],
    ['is not JSON', '[}]', /cannot be read/],
  ])('refuses a list of packed assets that %s', async (_, files, message) => {
    const project = await temporaryFolder();
    const folder = path.join(project, 'node_modules', 'packed');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{"name":"packed"}');
    await writeFile(path.join(folder, 'm_solution_packed_assets.data'), 'data');
    await writeFile(
      path.join(folder, 'm_solution_packed_assets_loader.js'),
      `loadPackage({"files": ${files}});`,
    );
    process.chdir(project);
    const ref: ModelRef = { kind: 'npm-packed', package: 'packed', asset: 'a.tflite' };
    await expect(new ModelStore().resolve(ref)).rejects.toEqual(
      failure('VPX_MODEL_INVALID', message),
    );
  });

  it('passes the reason of an abort on', async () => {
    const reason = new Error('enough');
    await expect(
      new ModelStore().resolve(SHORT, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
