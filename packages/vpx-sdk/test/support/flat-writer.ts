/** A piece of a FlatBuffers file. */
export type FlatNode =
  | { readonly kind: 'table'; readonly fields: readonly (FlatField | undefined)[] }
  | { readonly kind: 'tables'; readonly items: readonly FlatNode[] }
  | { readonly kind: 'int32s'; readonly items: readonly number[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly text: string };

/** A field of a table: a number in its place, or another piece. */
export type FlatField = { readonly int8: number } | { readonly int32: number } | FlatNode;

export const table = (...fields: (FlatField | undefined)[]): FlatNode => ({
  kind: 'table',
  fields,
});
export const tables = (items: readonly FlatNode[]): FlatNode => ({ kind: 'tables', items });
export const int32s = (items: readonly number[]): FlatNode => ({ kind: 'int32s', items });
export const bytes = (data: Uint8Array): FlatNode => ({ kind: 'bytes', bytes: data });
export const text = (value: string): FlatNode => ({ kind: 'text', text: value });
export const int8 = (value: number): FlatField => ({ int8: value });
export const int32 = (value: number): FlatField => ({ int32: value });

/** Writes a FlatBuffers file, pieces after those that point at them. */
export function writeFlat(root: FlatNode, identifier: string): Uint8Array {
  const writer = new FlatWriter();
  writer.int32(0);
  writer.raw(new TextEncoder().encode(identifier));
  writer.patch(0, writer.node(root));
  return writer.finish();
}

class FlatWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  node(node: FlatNode): number {
    switch (node.kind) {
      case 'table':
        return this.#table(node.fields);
      case 'tables': {
        const at = this.#vector(node.items.length);
        const slots = node.items.map(() => this.int32(0));
        node.items.forEach((item, i) => {
          this.patch(slots[i]!, this.node(item));
        });
        return at;
      }
      case 'int32s': {
        const at = this.#vector(node.items.length);
        for (const item of node.items) this.int32(item);
        return at;
      }
      case 'bytes':
      case 'text': {
        const data = node.kind === 'bytes' ? node.bytes : new TextEncoder().encode(node.text);
        const at = this.#vector(data.length);
        this.raw(data);
        this.raw(Uint8Array.of(0));
        return at;
      }
    }
  }

  int32(value: number): number {
    const at = this.#length;
    const item = new Uint8Array(4);
    new DataView(item.buffer).setInt32(0, value, true);
    this.raw(item);
    return at;
  }

  raw(data: Uint8Array): void {
    while (this.#length + data.length > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(data, this.#length);
    this.#length += data.length;
  }

  patch(slot: number, target: number): void {
    new DataView(this.#bytes.buffer).setInt32(slot, target - slot, true);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #table(fields: readonly (FlatField | undefined)[]): number {
    this.#align(4, 0);
    const vtable = this.#length;
    const sizes = [4 + fields.length * 2, 4 + fields.length * 4];
    const offsets = fields.map((field, i) => (field === undefined ? 0 : 4 + i * 4));
    this.raw(new Uint8Array(Uint16Array.from([...sizes, ...offsets]).buffer));
    this.#align(4, 0);
    const at = this.#length;
    this.int32(at - vtable);
    const slots = fields.map((field) => {
      if (field === undefined || 'kind' in field) return this.int32(0);
      return this.int32('int8' in field ? field.int8 & 0xff : field.int32);
    });
    fields.forEach((field, i) => {
      if (field !== undefined && 'kind' in field) this.patch(slots[i]!, this.node(field));
    });
    return at;
  }

  // Elements start at a multiple of 16, as TFLite wants it of constants.
  #vector(count: number): number {
    this.#align(16, 12);
    return this.int32(count);
  }

  #align(to: number, rest: number): void {
    while (this.#length % to !== rest) this.raw(Uint8Array.of(0));
  }
}
