import { createHash } from 'node:crypto';
import type { ConvertedModel, TensorSpec } from '../convert/convert-tflite.ts';

// Layout of an entry: magic (8), SHA-256 of all that follows it (32), length of the head (4), head
// (JSON: inputs and outputs), ONNX bytes.
const MAGIC = 'VPXMODL1';
const DIGEST_AT = 8;
const LENGTH_AT = 40;
const HEAD_AT = 44;

/** Packs a converted model with a checksum. */
export function encodeCacheEntry(model: ConvertedModel): Uint8Array {
  const head = Buffer.from(JSON.stringify({ inputs: model.inputs, outputs: model.outputs }));
  const entry = Buffer.alloc(HEAD_AT + head.length + model.onnx.length);
  entry.write(MAGIC, 'latin1');
  entry.writeUInt32LE(head.length, LENGTH_AT);
  head.copy(entry, HEAD_AT);
  entry.set(model.onnx, HEAD_AT + head.length);
  digest(entry).copy(entry, DIGEST_AT);
  return entry;
}

/** Unpacks an entry; `undefined` if it is not whole. The ONNX bytes are a view of `bytes`. */
export function decodeCacheEntry(bytes: Uint8Array): ConvertedModel | undefined {
  const entry = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.length < HEAD_AT || entry.toString('latin1', 0, DIGEST_AT) !== MAGIC) return undefined;
  if (!digest(entry).equals(entry.subarray(DIGEST_AT, LENGTH_AT))) return undefined;
  const end = HEAD_AT + entry.readUInt32LE(LENGTH_AT);
  // The checksum vouches that this is what encodeCacheEntry wrote.
  const head = JSON.parse(entry.toString('utf8', HEAD_AT, end)) as {
    readonly inputs: readonly TensorSpec[];
    readonly outputs: readonly TensorSpec[];
  };
  return { onnx: entry.subarray(end), inputs: head.inputs, outputs: head.outputs };
}

const digest = (entry: Buffer): Buffer =>
  createHash('sha256').update(entry.subarray(LENGTH_AT)).digest();
