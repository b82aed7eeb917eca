import { openSource, type FrameSource, type OpenSourceOptions } from 'visualbase';

const FRAME_OPTIONS = [
  'fps',
  'width',
  'height',
  'maxSide',
  'startSec',
  'endSec',
  'slotCount',
] as const;

type FrameOption = (typeof FRAME_OPTIONS)[number];

/** Options for videos that are opened by a run. */
export interface SourceOptions extends Pick<OpenSourceOptions, FrameOption> {
  /** What else the source shall know: how to reconnect, what to ask of a camera, whether to isolate decoding. */
  readonly source?: Omit<OpenSourceOptions, FrameOption | 'signal'>;
}

/** Opens what a text names, see `openSource`. */
export async function openVideo(
  text: string,
  options: SourceOptions & { readonly signal?: AbortSignal | undefined },
): Promise<FrameSource> {
  const given = FRAME_OPTIONS.filter((name) => options[name] !== undefined);
  return openSource(text, {
    ...options.source,
    ...Object.fromEntries(given.map((name) => [name, options[name]])),
    signal: options.signal,
  });
}

/** Frames that are there already cannot be sampled or scaled any more: better said than ignored. */
export function refuseSourceOptions(options: SourceOptions): void {
  const given = [...FRAME_OPTIONS, 'source' as const].filter((name) => options[name] !== undefined);
  if (given.length === 0) return;
  throw new TypeError(
    `The \`${given.join('`, `')}\` option is for videos that are opened by path; frames were given. Give it to their source.`,
  );
}
