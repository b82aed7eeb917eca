import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { io, ready, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorData } from '../../src/engine/tensor-data.ts';

/**
 * A graph model in TensorFlow.js on its plain JavaScript backend.
 *
 * @param dtype - Of its input.
 */
export async function openTfjs(
  modelJson: Uint8Array,
  weights: Uint8Array,
  dtype: 'int32' | 'float32' = 'int32',
): Promise<(input: TensorData) => Promise<Float32Array>> {
  await setBackend('cpu');
  await ready();
  const json = JSON.parse(new TextDecoder().decode(modelJson)) as io.ModelJSON;
  const model = await loadGraphModel(
    io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
      weightData: new Uint8Array(weights).buffer,
      ...(json.signature && { signature: json.signature }),
      ...(json.userDefinedMetadata && { userDefinedMetadata: json.userDefinedMetadata }),
    }),
  );
  return async ({ data, dims }) => {
    const input = tensor(data, [...dims], dtype);
    const output = (await model.executeAsync(input)) as Tensor;
    const values = Float32Array.from(await output.data());
    input.dispose();
    output.dispose();
    return values;
  };
}
