import { VisualError } from 'visualbase';

/**
 * Where onnxruntime computes, by its own names: `cpu` everywhere; `cuda` (NVIDIA, CUDA 12) and
 * `tensorrt` on Linux x64; `dml` (DirectML, any GPU) on Windows; `coreml` on macOS; `webgpu`
 * (experimental in onnxruntime) everywhere but Linux arm64.
 */
export type ExecutionProvider = 'cpu' | 'cuda' | 'tensorrt' | 'dml' | 'coreml' | 'webgpu';

/** What a provider needs beyond the npm package. */
const REMEDIES: Readonly<Record<ExecutionProvider, string>> = {
  cpu: 'It needs nothing; reinstall onnxruntime-node.',
  cuda: 'It needs an NVIDIA driver, CUDA 12 and cuDNN 9 on the library path, and libraries that onnxruntime-node fetches when told to: `npm rebuild onnxruntime-node --ignore-scripts=false --onnxruntime-node-install=cuda12`.',
  tensorrt:
    'It needs what `cuda` needs, and TensorRT 10 on the library path: `npm rebuild onnxruntime-node --ignore-scripts=false --onnxruntime-node-install=cuda12`.',
  dml: 'It needs Windows 10 (1903) or later and a GPU whose driver has DirectX 12.',
  coreml: 'It needs macOS 10.15 or later.',
  webgpu:
    'It needs a GPU with a driver for Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS).',
};

/** Every provider that can be named. */
export const EXECUTION_PROVIDERS = Object.keys(REMEDIES) as readonly ExecutionProvider[];

/** Why a provider did not come to be used. */
export interface ProviderFailure {
  readonly provider: ExecutionProvider;
  readonly cause: unknown;
}

/** The providers that the installed onnxruntime was built with for this platform. */
export async function offeredProviders(): Promise<readonly ExecutionProvider[]> {
  // The main thread must load the addon before any other: one that only worker threads have loaded is
  // unloaded with the first of them and cannot be loaded again.
  const { listSupportedBackends } = await import('onnxruntime-node');
  const offered = listSupportedBackends().map(({ name }) => name);
  return EXECUTION_PROVIDERS.filter((provider) => offered.includes(provider));
}

/**
 * The providers of `wanted` that this platform offers, in their order.
 *
 * @throws `VPX_PROVIDER_UNAVAILABLE` if there is none.
 */
export async function providersToTry(
  wanted: readonly ExecutionProvider[],
): Promise<readonly ExecutionProvider[]> {
  const offered = await offeredProviders();
  const toTry = wanted.filter((provider) => offered.includes(provider));
  if (toTry.length > 0) return toTry;
  throw new VisualError(
    'VPX_PROVIDER_UNAVAILABLE',
    `onnxruntime for ${process.platform} ${process.arch} has no ${wanted.join(', ')}. It has: ${offered.join(', ')}. Choose one of these, or name "cpu" last to fall back on it.`,
    { details: { wanted, offered } },
  );
}

/** The error for providers of which none could be started. */
export function providersFailed(failures: readonly ProviderFailure[]): VisualError {
  const reasons = failures.map(
    ({ provider, cause }) => `${provider}: ${oneLine(cause)} ${REMEDIES[provider]}`,
  );
  return new VisualError(
    'VPX_PROVIDER_UNAVAILABLE',
    `onnxruntime could not start ${reasons.join('\n')}\nOr name "cpu" last to fall back on it.`,
    { cause: failures[0]?.cause, details: { wanted: failures.map(({ provider }) => provider) } },
  );
}

function oneLine(cause: unknown): string {
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ');
  return /[.!?]\s*$/.test(message) ? message.trim() : `${message.trim()}.`;
}
