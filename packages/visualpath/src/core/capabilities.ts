/** What a module can do or needs, for the platform to act on. */
export const Capability = {
  /** Runs on a GPU. */
  GPU: 'GPU',
  /** Has a `processBatch` that is faster than single calls. */
  BATCHING: 'BATCHING',
  /** May be called again before its previous call has ended. */
  THREAD_SAFE: 'THREAD_SAFE',
  /** Remembers earlier frames; same as `stateful`. */
  STATEFUL: 'STATEFUL',
  /** Same input, same output, bit for bit. */
  DETERMINISTIC: 'DETERMINISTIC',
  /** May run on another host. */
  CROSS_HOST_OK: 'CROSS_HOST_OK',
  /** Needs the pixels themselves, not a copy of them. */
  NEEDS_ZERO_COPY: 'NEEDS_ZERO_COPY',
} as const;

/** One of the flags of {@link ModuleCapabilities}. */
export type Capability = (typeof Capability)[keyof typeof Capability];

/** Declared by a module; everything has a default. */
export interface ModuleCapabilities {
  readonly flags: readonly Capability[];
  /** Resources of which only one user may exist in a process, such as `gpu-0` or a CUDA version. */
  readonly resourceGroups?: readonly string[];
  /** The same for a module that uses just one. */
  readonly resourceGroup?: string;
  readonly gpuMemoryMb?: number;
  /** Largest batch that `processBatch` takes. Default: any. */
  readonly maxBatchSize?: number;
}

/** Type of a signal as a port declares it. */
export type PortType = 'number' | 'boolean' | 'string';

/** Names and types of the signals a module reads from those it depends on, and of those it gives. */
export interface PortSchema {
  readonly inputs: Readonly<Record<string, PortType>>;
  readonly outputs: Readonly<Record<string, PortType>>;
}

interface WithCapabilities {
  readonly capabilities: ModuleCapabilities;
}

/** Tells whether a module declares a capability. */
export const hasCapability = (module: WithCapabilities, flag: Capability): boolean =>
  module.capabilities.flags.includes(flag);

/** Every resource group of a module, each once. */
export function resourceGroupsOf({ capabilities }: WithCapabilities): readonly string[] {
  const { resourceGroups = [], resourceGroup } = capabilities;
  return [
    ...new Set(resourceGroup === undefined ? resourceGroups : [resourceGroup, ...resourceGroups]),
  ];
}

/** Tells whether a module must see frames one at a time and in order. */
export const isStateful = (module: WithCapabilities & { readonly stateful: boolean }): boolean =>
  module.stateful || hasCapability(module, 'STATEFUL');
