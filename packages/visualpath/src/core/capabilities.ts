/** What a module can do or needs, for the platform to act on. */
export type Capability =
  /** Runs on a GPU. */
  | 'GPU'
  /** Has a `processBatch` that is faster than single calls. */
  | 'BATCHING'
  /** May be called again before its previous call has ended. */
  | 'THREAD_SAFE'
  /** Remembers earlier frames; same as `stateful`. */
  | 'STATEFUL'
  /** Same input, same output, bit for bit. */
  | 'DETERMINISTIC'
  /** May run on another host. */
  | 'CROSS_HOST_OK'
  /** Needs the pixels themselves, not a copy of them. */
  | 'NEEDS_ZERO_COPY';

/** Declared by a module; everything has a default. */
export interface ModuleCapabilities {
  readonly flags: readonly Capability[];
  /** Resources of which only one user may exist in a process, such as `gpu-0` or a CUDA version. */
  readonly resourceGroups?: readonly string[];
  readonly gpuMemoryMb?: number;
  /** Largest batch that `processBatch` takes. Default: any. */
  readonly maxBatchSize?: number;
}

/** Names and types of the signals a module reads and gives. */
export interface PortSchema {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}
