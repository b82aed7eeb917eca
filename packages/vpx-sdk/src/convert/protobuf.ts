/** Writes one protobuf message; nested messages are written first and then put in as bytes. */
export class ProtoWriter {
  readonly #parts: Uint8Array[] = [];
  #byteLength = 0;

  /** An integer field; negative numbers as the 64-bit two's complement that int64 wants. */
  int(field: number, value: number): this {
    return this.#varint(field << 3).#varint(value);
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#varint((field << 3) | 5).#push(bytes);
  }

  bytes(field: number, bytes: Uint8Array): this {
    return this.#varint((field << 3) | 2)
      .#varint(bytes.length)
      .#push(bytes);
  }

  text(field: number, text: string): this {
    return this.bytes(field, new TextEncoder().encode(text));
  }

  message(field: number, message: ProtoWriter): this {
    this.#varint((field << 3) | 2).#varint(message.#byteLength);
    for (const part of message.#parts) this.#push(part);
    return this;
  }

  /** All that was written, in one piece. */
  finish(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.#byteLength);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #push(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#byteLength += bytes.length;
    return this;
  }

  #varint(value: number): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    do {
      const low = Number(rest & 127n);
      rest >>= 7n;
      bytes.push(rest === 0n ? low : low | 128);
    } while (rest !== 0n);
    return this.#push(Uint8Array.from(bytes));
  }
}
