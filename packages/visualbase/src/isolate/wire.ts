import { deserialize, serialize } from 'node:v8';

const HEAD_BYTES = 4;

/** A message as it goes through a pipe: its length, then what `structuredClone` would take. */
export function encodeMessage(message: unknown): Buffer {
  const body = serialize(message);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(body.length, 0);
  return Buffer.concat([head, body]);
}

/** Puts the pieces in which a pipe delivers messages together again. */
export class MessageReader<T> {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #byteCount = 0;

  /** @param maxBytes - A longer message is none: whoever sends it has lost its mind. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes a piece and gives the messages that are complete with it.
   *
   * @throws Error when the bytes are no messages.
   */
  *take(chunk: Buffer): Generator<T, void, undefined> {
    this.#chunks.push(chunk);
    this.#byteCount += chunk.length;
    for (;;) {
      if (this.#byteCount < HEAD_BYTES) return;
      if (this.#chunks[0]!.length < HEAD_BYTES) this.#join();
      const length = this.#chunks[0]!.readUInt32LE(0);
      if (length > this.#maxBytes) throw new Error(`A message of ${length} bytes was announced.`);
      const total = HEAD_BYTES + length;
      if (this.#byteCount < total) return;
      const all = this.#join();
      this.#chunks = all.length === total ? [] : [all.subarray(total)];
      this.#byteCount -= total;
      yield deserialize(all.subarray(HEAD_BYTES, total)) as T;
    }
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    const all = this.#chunks.length === 1 ? first! : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
