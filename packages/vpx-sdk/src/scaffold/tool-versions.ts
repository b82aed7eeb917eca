/** Versions of the tools that a new package is built and tested with: those of this repository. */
export const TOOL_VERSIONS = {
  '@types/node': '20.19.43',
  typescript: '6.0.3',
  vitest: '4.1.12',
} as const;
