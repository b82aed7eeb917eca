/** Where a model comes from. Plain data, so it may stand in a configuration file. */
export type ModelRef = NpmModelRef | PackedModelRef | FileModelRef;

/** A file of an installed npm package. */
export interface NpmModelRef {
  readonly kind: 'npm';
  readonly package: string;
  /** Path inside the package, with forward slashes. */
  readonly file: string;
  /**
   * `import.meta.url` of the module whose package depends on this one: package managers may install
   * it where only that finds it. Default: looked for from vpx-sdk and the working folder.
   */
  readonly from?: string;
  /** Expected SHA-256 of the file, hex; of a .json, with its weights after it. Default: not checked. */
  readonly sha256?: string;
}

/** A file inside a `*_solution_packed_assets.data` of an installed MediaPipe package. */
export interface PackedModelRef {
  readonly kind: 'npm-packed';
  readonly package: string;
  /** Name of the file, as `face_landmark.tflite`. */
  readonly asset: string;
  /** Expected SHA-256 of the file, hex. Default: not checked. */
  readonly sha256?: string;
}

/** A .tflite, .onnx or TensorFlow.js .json file on disk. */
export interface FileModelRef {
  readonly kind: 'file';
  /** Absolute, or relative to the working folder. */
  readonly path: string;
  /** Expected SHA-256 of the file, hex. Default: not checked. */
  readonly sha256?: string;
}

/** Says where a model comes from, for messages. */
export function describeModel(ref: ModelRef): string {
  switch (ref.kind) {
    case 'npm':
      return `${ref.package}/${ref.file}`;
    case 'npm-packed':
      return `${ref.package} (packed: ${ref.asset})`;
    case 'file':
      return ref.path;
  }
}
