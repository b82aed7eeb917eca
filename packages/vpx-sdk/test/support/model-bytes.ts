import { readFile } from 'node:fs/promises';
import type { ModelRef } from '../../src/model/model-ref.ts';
import { packageFile } from '../../src/model/npm-package.ts';
import { readPackedAsset } from '../../src/model/packed-assets.ts';

/** The bytes of a model of an installed package, to do with as one likes. */
export async function modelBytes(ref: ModelRef): Promise<Uint8Array> {
  return new Uint8Array(await read(ref));
}

async function read(ref: ModelRef): Promise<Uint8Array> {
  switch (ref.kind) {
    case 'npm':
      return readFile(packageFile(ref.package, ref.file));
    case 'npm-packed':
      return readPackedAsset(ref.package, ref.asset);
    case 'file':
      return readFile(ref.path);
  }
}
