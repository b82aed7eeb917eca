/** Every error code of this plugin's own; the SDK's come on top. */
export const BODY_POSE_CODES = {
  VPX_NOT_INITIALIZED: {
    meaning: 'A module was asked to process a frame before its models were loaded.',
    remedy: 'Run it in a graph, or call initialize() first.',
  },
} as const;
