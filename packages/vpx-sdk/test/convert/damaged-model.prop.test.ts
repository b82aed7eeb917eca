import fc from 'fast-check';
import { isVisualError } from 'visualbase';
import { beforeAll, describe, expect, it } from 'vitest';
import { convertTflite } from '../../src/convert/convert-tflite.ts';
import {
  FACE_DETECTION_FULL_RANGE,
  FACE_DETECTION_SHORT_RANGE,
  FACE_LANDMARK_ATTENTION,
  FACE_LANDMARK_MESH,
} from '../../src/model/catalogue.ts';
import { modelBytes } from '../support/model-bytes.ts';
import { table, tables, writeFlat } from '../support/flat-writer.ts';
import { tinyModel } from '../support/tiny-model.ts';

const CODES = ['VPX_MODEL_INVALID', 'VPX_MODEL_UNSUPPORTED'];

/** Converts, and lets only the two errors through that a model's bytes may cause. */
function convertOrRefuse(bytes: Uint8Array): string | undefined {
  try {
    convertTflite(bytes);
    return undefined;
  } catch (error) {
    if (!isVisualError(error) || !CODES.includes(error.code)) throw error;
    return error.code;
  }
}

describe('convertTflite with damaged bytes', () => {
  let models: Uint8Array[];
  beforeAll(async () => {
    models = await Promise.all(
      [
        FACE_DETECTION_SHORT_RANGE,
        FACE_DETECTION_FULL_RANGE,
        FACE_LANDMARK_MESH,
        FACE_LANDMARK_ATTENTION,
      ].map(({ ref }) => modelBytes(ref)),
    );
  });
  const model = () => fc.constantFrom(...models);

  it('refuses bytes that are anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(convertOrRefuse(bytes)).toBe('VPX_MODEL_INVALID');
      }),
    );
  });

  it('refuses a file that begins like a model and goes on with anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(400), (rest, root) => {
        const bytes = new Uint8Array(8 + rest.length);
        new DataView(bytes.buffer).setUint32(0, root, true);
        bytes.set(new TextEncoder().encode('TFL3'), 4);
        bytes.set(rest, 8);
        expect(convertOrRefuse(bytes)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a model that is cut off anywhere before its graph ends', () => {
    fc.assert(
      fc.property(model(), fc.double({ min: 0, max: 0.9999, noNaN: true }), (bytes, part) => {
        expect(convertOrRefuse(bytes.subarray(0, Math.floor(bytes.length * part)))).toBe(
          'VPX_MODEL_INVALID',
        );
      }),
      { numRuns: 150 },
    );
  });

  // Structure lies in small integers, weights elsewhere: bytes that are likely offsets or sizes are
  // hit as often as any others.
  const damage = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      value: fc.oneof(fc.constantFrom(0, 1, 127, 128, 255), fc.nat(255)),
    }),
    { minLength: 1, maxLength: 40 },
  );

  it('converts or refuses a model with a few bytes changed, and does nothing else', () => {
    fc.assert(
      fc.property(model(), damage, (bytes, changes) => {
        const changed = bytes.slice();
        for (const { at, value } of changes) changed[Math.floor(at * changed.length)] = value;
        convertOrRefuse(changed);
      }),
      { numRuns: 150 },
    );
  });

  it('converts or refuses a small model with any of its bytes changed', () => {
    const small = tinyModel({
      code: 22,
      inputs: [{ shape: [1, 2, 3, 4] }, { shape: [3], data: Int32Array.of(1, 6, 4) }],
      outputShape: [1, 6, 4],
    });
    expect(convertOrRefuse(small)).toBeUndefined();
    const refused = new Set<string | undefined>();
    for (let at = 0; at < small.length; at++) {
      for (const value of [0, 1, 2, 3, 4, 8, 16, 64, 127, 128, 255]) {
        const changed = small.slice();
        changed[at] = value;
        refused.add(convertOrRefuse(changed));
      }
    }
    expect([...refused].sort()).toEqual([...CODES, undefined]);
  });

  it('refuses a graph without outputs, and one of several graphs', () => {
    const file = (graphCount: number) =>
      writeFlat(
        table(
          undefined,
          tables([]),
          tables(Array.from({ length: graphCount }, () => table())),
          undefined,
          tables([table()]),
        ),
        'TFL3',
      );
    expect(convertOrRefuse(file(0))).toBe('VPX_MODEL_INVALID');
    expect(convertOrRefuse(file(1))).toBe('VPX_MODEL_INVALID');
    expect(convertOrRefuse(file(2))).toBe('VPX_MODEL_UNSUPPORTED');
  });

  /** The face model with an operator that nobody knows where it has one of MediaPipe's. */
  const withUnknownOperator = async (): Promise<Uint8Array> => {
    const bytes = (await modelBytes(FACE_LANDMARK_ATTENTION.ref)).slice();
    const at = Buffer.from(bytes.buffer).indexOf('Landmarks2TransformMatrix');
    bytes.set(new TextEncoder().encode('Landmarks2SomethingElse!!'), at);
    return bytes;
  };

  it('names operator and tensor of what it cannot map', async () => {
    const model = await withUnknownOperator();
    expect(() => convertTflite(model)).toThrow(
      expect.objectContaining({
        code: 'VPX_MODEL_UNSUPPORTED',
        message: expect.stringMatching(
          /CUSTOM Landmarks2Something.*"landmarks_to_transform_matrix/,
        ) as string,
        details: expect.objectContaining({
          operator: 'CUSTOM Landmarks2SomethingElse!!',
        }) as object,
      }),
    );
  });

  it('converts what the kept outputs need even where the rest cannot be mapped', async () => {
    const model = await withUnknownOperator();
    const { outputs } = convertTflite(model, { keepOutputs: ['conv_faceflag'] });
    expect(outputs.map((output) => output.name)).toEqual(['conv_faceflag']);
  });

  it('lists the outputs when one is asked for that does not exist', () => {
    expect(() => convertTflite(models[0]!, { keepOutputs: ['boxes'] })).toThrow(
      /no output "boxes"; it has "regressors", "classificators"/,
    );
  });
});
