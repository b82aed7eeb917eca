import { warpModule, type WarpArguments } from './warp-kernel.ts';

// What Node has; TypeScript has it only among the types of browsers.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: WarpExports };
};

interface WarpExports {
  readonly run: (...args: WarpArguments) => void;
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
}

const PAGE_BYTES = 65_536;

let exports: WarpExports | undefined;

/** The kernel with its memory, made at the first call. One for a thread: a call never waits. */
export class KernelMemory {
  readonly #exports: WarpExports;

  constructor(byteCount: number) {
    exports ??= new WebAssembly.Instance(new WebAssembly.Module(warpModule())).exports;
    const { memory } = exports;
    const missing = byteCount - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#exports = exports;
  }

  bytes(at: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#exports.memory.buffer, at, length);
  }

  floats(at: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#exports.memory.buffer, at, length);
  }

  integers(at: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#exports.memory.buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#exports.memory.buffer, at, length);
  }

  run(...args: WarpArguments): void {
    this.#exports.run(...args);
  }
}
