import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { TensorData } from '../../src/engine/tensor-data.ts';

/** A model in LiteRT, the runtime that the converted models are compared with. */
export interface ReferenceModel {
  /** Runs the model on its one input; outputs in the order of the file. */
  run(input: TensorData): Promise<Float32Array[]>;
}

/**
 * Loads LiteRT.js, which is made for browsers: under Node it wants `importScripts`, a `fetch` of local
 * files and the names of a CommonJS module. They stay for the life of the test process.
 */
export async function openReference(): Promise<(model: Uint8Array) => Promise<ReferenceModel>> {
  const require = createRequire(import.meta.url);
  const wasm = fileURLToPath(new URL('../wasm/', `file://${require.resolve('@litertjs/core')}`));
  const { fetch } = globalThis;
  Object.assign(globalThis, {
    self: globalThis,
    require,
    __dirname: wasm,
    __filename: `${wasm}litert.js`,
    importScripts: (url: string) => (0, eval)(readFileSync(localPath(url), 'utf8')) as unknown,
    fetch: (url: string | URL, init?: RequestInit) => {
      const path = String(url);
      if (!path.startsWith('/') && !path.startsWith('file:')) return fetch(url, init);
      const headers = { 'content-type': 'application/wasm' };
      return Promise.resolve(new Response(readFileSync(localPath(path)), { headers }));
    },
  });
  const { loadAndCompile, loadLiteRt, Tensor } = await import('@litertjs/core');
  await loadLiteRt(wasm, { threads: false });
  return async (model) => {
    const compiled = await loadAndCompile(model, { accelerator: 'wasm' });
    return {
      run: async ({ data, dims }) => {
        const input = new Tensor(data, [...dims]);
        const outputs = await compiled.run([input]);
        const values = outputs.map((output) => {
          const copy = Float32Array.from(output.toTypedArray() as Float32Array);
          output.delete();
          return copy;
        });
        input.delete();
        return values;
      },
    };
  };
}

const localPath = (url: string): string => (url.startsWith('file:') ? fileURLToPath(url) : url);
