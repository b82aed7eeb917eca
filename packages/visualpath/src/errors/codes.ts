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
    meaning: 'A module threw in initialize(), warmup() or reset().',
    remedy: 'See the cause; the modules that had been started were cleaned up.',
  },
  VP_MODULE_BAD_RESULT: {
    meaning:
      'A module returned something that is neither an observation nor undefined, or a trigger whose score is no finite number.',
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
  VP_PLUGIN_NOT_FOUND: {
    meaning:
      'No installed package declares a module or backend of this name, and none is registered.',
    remedy:
      'See the message for near names and for problems that may hide it; install the package, or register it.',
  },
  VP_PLUGIN_BROKEN: {
    meaning:
      'A plugin cannot be imported, lacks the declared export, throws when it is made, or is no module or backend of its name.',
    remedy: 'See the message and the cause: check the options, then mend or reinstall the package.',
  },
  VP_PLUGIN_DUPLICATE: {
    meaning: 'A name was registered twice in one PluginRegistry.',
    remedy: 'Register it once, or use another name.',
  },
  VP_CLOSED: {
    meaning: 'An observation log was used after it was closed.',
    remedy: 'Read what you need from it before close().',
  },
  VP_LOG_WRITE_FAILED: {
    meaning: 'Observations that exceed maxMemoryBytes could not be moved to a temporary file.',
    remedy:
      'See the cause: free space, name a folder on another disk with the folder option or TMPDIR, or raise maxMemoryBytes.',
  },
  VP_LOG_READ_FAILED: {
    meaning: 'Observations could not be read back from the temporary file of their log.',
    remedy: 'See the cause: the disk failed, or something changed the file. Run again.',
  },
  VP_OBSERVATION_NOT_SERIALIZABLE: {
    meaning:
      'An observation holds something that cannot be written without loss: a function, an instance of a class, a Proxy.',
    remedy:
      'The message names module, frame and field. Give plain data there: numbers, texts, arrays, objects, typed arrays, Date, Map, Set, Trigger.',
  },
  VP_OBSERVATION_CORRUPT: {
    meaning:
      'Bytes that should hold an observation are cut short, or were written by something else.',
    remedy: 'Record it again; encode and decode with the same version.',
  },
  VP_MODULE_BAD_BATCH: {
    meaning: 'processBatch gave another number of results than it got frames.',
    remedy: 'Return one result for each frame, in the same order; undefined for "saw nothing".',
  },
  VP_NODE_FAILED: {
    meaning: 'The code of a node (a condition, a fusion, a custom node) threw.',
    remedy: 'See the cause. To go on in spite of it, run with onNodeError: "drop".',
  },
  VP_SOURCES_MISMATCH: {
    meaning: 'The frames given to a run are not those that the source nodes of the graph need.',
    remedy: 'Give one stream of frames for each source node, by its name.',
  },
  VP_SESSION_BUSY: {
    meaning: 'A session was given a video while it was running another.',
    remedy: 'Wait for the first, or open a session for each.',
  },
  VP_GRAPH_NOT_SERIALIZABLE: {
    meaning:
      'A graph holds what JSON cannot: functions (conditions, cascadeFusion, custom nodes), or numbers such as Infinity.',
    remedy:
      'The message lists every node. Use signal conditions, { signal, op, value }, and add nodes with code after reading.',
  },
  VP_GRAPH_BAD_JSON: {
    meaning: 'Data that should describe a graph has another form.',
    remedy:
      'The message names the first wrong place and what is expected there; graphToJson() shows the form.',
  },
  VP_ISOLATION_IGNORED: {
    meaning:
      'A process warning: modules were to be isolated, but the backend runs everything in one process.',
    remedy: 'Install visualpath-isolation and use the backend "worker", or drop the isolation.',
  },
  VP_SINK_FAILED: {
    meaning:
      'A process warning: a trace sink threw and gets no more records. Runs are not affected.',
    remedy: 'See the message; a FileSink needs a folder that exists and a disk that is not full.',
  },
} as const;
