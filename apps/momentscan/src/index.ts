export {
  HighlightTrigger,
  type HighlightLabel,
  type HighlightOptions,
} from './highlight/highlight-trigger.ts';
export type { SmileGateOptions } from './highlight/smile-gate.ts';
export type { TurnGateOptions } from './highlight/turn-gate.ts';
export {
  HIGHLIGHTS_VERSION,
  highlightsSchema,
  type HighlightMoment,
  type Highlights,
} from './output/highlights-schema.ts';
export { readHighlights } from './output/output-folder.ts';
export type { ScanOptions, ScanProgress } from './scan/scan-options.ts';
export { scanVideo } from './scan/scan-video.ts';
