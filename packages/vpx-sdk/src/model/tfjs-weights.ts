import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { VisualError } from 'visualbase';
import { weightFiles } from '../convert/tfjs/tfjs-model.ts';
import { invalidModel } from '../errors/model-errors.ts';

const MAX_WEIGHT_BYTES = 2 ** 31 - 1;

/**
 * Reads the weight files of a graph model of TensorFlow.js, one after the other.
 *
 * @param file - The path of its `model.json`; the weights lie in the same folder.
 * @throws `VPX_MODEL_MISSING` if one is not there; `VPX_MODEL_INVALID` if the list leads elsewhere
 * or they are more than two gigabytes together.
 */
export async function readWeights(
  file: string,
  modelJson: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const folder = path.dirname(file);
  const parts: Uint8Array[] = [];
  let byteLength = 0;
  for (const name of listWeights(file, modelJson)) {
    if (typeof name !== 'string' || name === '' || name !== path.basename(name)) {
      throw invalidModel(
        `${file} names the weights ${JSON.stringify(name)}, not a file beside it.`,
      );
    }
    const part = path.join(folder, name);
    try {
      byteLength += (await stat(part)).size;
      if (byteLength > MAX_WEIGHT_BYTES) break;
      parts.push(await readFile(part, { ...(signal && { signal }) }));
    } catch (cause) {
      signal?.throwIfAborted();
      throw new VisualError(
        'VPX_MODEL_MISSING',
        `The weights ${part} cannot be read. Put them beside ${path.basename(file)}, or reinstall the package.`,
        { cause, details: { file: part } },
      );
    }
  }
  if (byteLength > MAX_WEIGHT_BYTES) {
    throw invalidModel(`The weights of ${file} have more than ${MAX_WEIGHT_BYTES} bytes.`);
  }
  return Buffer.concat(parts);
}

function listWeights(file: string, modelJson: Uint8Array): readonly string[] {
  try {
    return weightFiles(modelJson);
  } catch (cause) {
    if (!(cause instanceof VisualError)) throw cause;
    throw new VisualError(cause.code, `${file}: ${cause.message}`, { cause });
  }
}
