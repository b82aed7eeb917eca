/** Every error code that visualpath throws. */
export const VISUALPATH_CODES = {
  VP_MODULE_FAILED: {
    meaning: 'A module threw while processing a frame, and its error policy does not absorb that.',
    remedy:
      'See the cause. To go on in spite of errors, give the module an errorPolicy with fallback "skip" or "default".',
  },
  VP_MODULE_TIMEOUT: {
    meaning: 'A module took longer than the timeoutMs of its error policy.',
    remedy: 'Raise timeoutMs, or set fallback to "skip" or "default".',
  },
  VP_MODULE_START_FAILED: {
    meaning: 'A module threw in initialize() or warmup().',
    remedy: 'See the cause; the modules that had been started were cleaned up.',
  },
  VP_MODULE_BAD_RESULT: {
    meaning: 'A module returned something that is neither an observation nor undefined.',
    remedy: 'Return { signals, data, metadata }, an Observation, or undefined for "saw nothing".',
  },
  VP_CLEANUP_FAILED: {
    meaning: 'The run went well, but a module or the source threw while it was being closed.',
    remedy: 'See the causes in details; the result of the run is in details.result.',
  },
  VP_GRAPH_INVALID: {
    meaning: 'The graph has errors: the message lists each with node and remedy.',
    remedy: 'Mend the graph; graph.validate() gives the same list as data.',
  },
} as const;
