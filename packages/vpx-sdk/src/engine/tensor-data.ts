import type { TensorSpec } from '../convert/convert-tflite.ts';

/** A float32 tensor. */
export interface TensorData {
  /** Row-major; as many numbers as `dims` multiply to. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/**
 * Checks inputs against what a model wants.
 *
 * @throws TypeError for a name that is missing or unknown, RangeError for wrong dims or lengths.
 */
export function checkInputs(
  inputs: Readonly<Record<string, TensorData>>,
  specs: readonly TensorSpec[],
): void {
  const unknown = Object.keys(inputs).find((name) => !specs.some((spec) => spec.name === name));
  const missing = specs.find((spec) => inputs[spec.name] === undefined);
  if (unknown !== undefined || missing !== undefined) {
    const problem =
      unknown === undefined ? `"${missing!.name}" is missing` : `there is no "${unknown}"`;
    throw new TypeError(
      `The model has the inputs ${specs.map((spec) => `"${spec.name}"`).join(', ')}; ${problem}.`,
    );
  }
  for (const spec of specs) checkTensor(inputs[spec.name]!, spec);
}

function checkTensor({ data, dims }: TensorData, spec: TensorSpec): void {
  const fits =
    dims.length === spec.dims.length &&
    dims.every((size, d) => {
      const wanted = spec.dims[d]!;
      return (
        Number.isSafeInteger(size) && size >= 1 && (typeof wanted === 'string' || wanted === size)
      );
    });
  if (!fits) {
    throw new RangeError(
      `Input "${spec.name}" needs dims [${spec.dims.join(', ')}], got [${dims.join(', ')}].`,
    );
  }
  const count = dims.reduce((product, size) => product * size, 1);
  if (data.length === count) return;
  throw new RangeError(
    `Input "${spec.name}" with dims [${dims.join(', ')}] needs ${count} numbers, got ${data.length}.${data.length === 0 ? ' Was its memory handed to an earlier run?' : ''}`,
  );
}

/**
 * Makes inputs ready to be handed to another thread: memory that a tensor has for itself is handed
 * over as it is; a part of a larger buffer, shared memory and memory used twice are copied.
 */
export function transferableInputs(inputs: Readonly<Record<string, TensorData>>): {
  readonly inputs: Readonly<Record<string, TensorData>>;
  readonly transfer: readonly ArrayBuffer[];
} {
  const transfer = new Set<ArrayBuffer>();
  const ready = Object.entries(inputs).map(([name, { data, dims }]) => {
    const isOwn =
      (data.buffer as ArrayBufferLike) instanceof ArrayBuffer &&
      data.byteLength === data.buffer.byteLength &&
      !transfer.has(data.buffer);
    const own = isOwn ? data : new Float32Array(data);
    transfer.add(own.buffer);
    return [name, { data: own, dims }] as const;
  });
  return { inputs: Object.fromEntries(ready), transfer: [...transfer] };
}
