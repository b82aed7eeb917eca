import { expect } from 'vitest';
import type { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { letterboxTensor } from '../../src/image/letterbox.ts';
import type { CatalogueModel } from '../../src/model/catalogue.ts';
import { difference, type Difference } from './difference.ts';
import type { ReferenceModel } from './litert.ts';
import { modelBytes } from './model-bytes.ts';
import { photograph } from './pictures.ts';
import { randomFloats } from './random.ts';

// Largest and mean absolute difference allowed, as parts of the largest value of the output. Both
// runtimes sum floats in their own order, and over some fifty layers the last bits drift apart.
const MAX_TOLERANCE = 2e-5;
const MEAN_TOLERANCE = 5e-6;

/** An input of a model, and what it shows. */
export type LabelledInput = readonly [label: string, data: Float32Array<ArrayBuffer>];

/** Photographs, noise and black, as a model takes them. */
export async function usualInputs({ input }: CatalogueModel): Promise<LabelledInput[]> {
  const { sizePx, range } = input;
  const [low, high] = range;
  const length = sizePx * sizePx * 3;
  const pictures = await Promise.all(
    ['audrey.jpg', 'SeanConnery.jpg', 'cage.jpg'].map(
      async (name) =>
        [name, letterboxTensor(await photograph(name), { size: sizePx, range }).data] as const,
    ),
  );
  return [
    ...pictures,
    ...[1, 2, 3].map((seed) => [`random ${seed}`, randomFloats(seed, length, low, high)] as const),
    ['black', new Float32Array(length).fill(low)] as const,
  ];
}

/** Expects the converted model to give what the reference runtime gives, and prints how close. */
export async function expectAgreement(
  { name, model }: { readonly name: string; readonly model: CatalogueModel },
  inputs: readonly LabelledInput[],
  engine: InferenceEngine,
  compile: (bytes: Uint8Array) => Promise<ReferenceModel>,
): Promise<void> {
  const bytes = await modelBytes(model.ref);
  const reference = await compile(bytes);
  const session = await engine.load(bytes);
  const { sizePx } = model.input;
  const dims = [1, sizePx, sizePx, 3];
  const table: Difference[] = [];
  for (const [label, data] of inputs) {
    const theirs = await reference.run({ data: data.slice(), dims });
    const ours = await session.run({ [session.inputs[0]!.name]: { data: data.slice(), dims } });
    session.outputs.forEach((output, i) => {
      table.push(difference(label, output.name, ours[output.name]!.data, theirs[i]!));
    });
  }
  console.table(table, ['input', 'output', 'largestValue', 'max', 'mean']);
  for (const row of table) {
    const label = `${name}, ${row.input}, ${row.output}`;
    // A single value is a score or a logit, whose unit is 1 also where it is small.
    const scale = row.isSingle ? Math.max(1, row.largestValue) : row.largestValue;
    expect(row.max, label).toBeLessThanOrEqual(MAX_TOLERANCE * scale);
    expect(row.mean, label).toBeLessThanOrEqual(MEAN_TOLERANCE * scale);
  }
  expect(Math.max(...table.map(({ largestValue }) => largestValue))).toBeGreaterThan(0.1);
}
