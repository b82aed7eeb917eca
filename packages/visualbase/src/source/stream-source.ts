import { VisualError } from '../errors/visual-error.ts';
import { LiveSource } from './live-source.ts';
import type { LiveSourceOptions } from './live-source-options.ts';

interface Protocol {
  /** What FFmpeg may open on the way; never files. */
  readonly allowed: string;
  readonly isEndless: boolean | undefined;
  readonly options?: Readonly<Record<string, string>>;
}

const HTTP: Protocol = {
  allowed: 'http,https,httpproxy,tcp,tls,crypto,data',
  isEndless: undefined,
};
const RTSP: Protocol = {
  allowed: 'rtp,srtp,rtsp,rtsps,tcp,udp,tls,http,https',
  isEndless: true,
  // Packets that get lost on the way cost pictures; over TCP none do.
  options: { rtsp_transport: 'tcp' },
};

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  'rtsp:': RTSP,
  'rtsps:': RTSP,
  'http:': HTTP,
  'https:': HTTP,
  'udp:': { allowed: 'udp', isEndless: true },
  'tcp:': { allowed: 'tcp', isEndless: true },
  'rtp:': { allowed: 'rtp,udp', isEndless: true },
  'srt:': { allowed: 'srt', isEndless: true },
  'rtmp:': { allowed: 'rtmp,tcp', isEndless: true },
  'rtmps:': { allowed: 'rtmps,tcp,tls', isEndless: true },
};

/** Seconds of a stream that are looked at to find out what it holds; FFmpeg's own 5 delay the first frame. */
const ANALYSE_SEC = 2;

/** Tells whether a text is an address that {@link StreamSource} opens. */
export const isStreamUrl = (text: string): boolean => {
  const scheme = /^[a-z][a-z0-9+.-]*:(?=\/\/)/i.exec(text)?.[0];
  return scheme !== undefined && scheme.toLowerCase() in PROTOCOLS;
};

/**
 * Frames of a stream from the network: RTSP, HTTP (also HLS), UDP, TCP, RTP, SRT, RTMP, as far as FFmpeg
 * reads them. A file behind HTTP is read to its end; everything else is live, and connected to again
 * when it breaks off.
 *
 * @example
 * ```ts
 * await using source = await StreamSource.open('rtsp://127.0.0.1:8554/door', { fps: 5 });
 * for await (const frame of source) console.log(frame.tSrcNs, source.stats.latencyMs);
 * ```
 */
export class StreamSource extends LiveSource {
  /**
   * Connects.
   *
   * @throws VisualError `VB_SOURCE_UNKNOWN` for an address of another kind, `VB_SOURCE_UNREACHABLE`,
   * `VB_NO_VIDEO`; iterating throws `VB_STREAM_LOST`.
   */
  static async open(url: string, options: LiveSourceOptions = {}): Promise<StreamSource> {
    const { input, kind } = describeStream(url);
    return new StreamSource(input, kind, options).connect();
  }
}

/** {@link StreamSource} for RTSP cameras. */
export class RtspSource extends StreamSource {
  /** {@inheritDoc StreamSource.open} */
  static override async open(url: string, options: LiveSourceOptions = {}): Promise<RtspSource> {
    if (!/^rtsps?:\/\//i.test(url)) throw unknown(url, 'an address that begins with rtsp://');
    const { input, kind } = describeStream(url);
    return new RtspSource(input, kind, options).connect();
  }
}

function describeStream(url: string) {
  const protocol = isStreamUrl(url)
    ? PROTOCOLS[url.slice(0, url.indexOf(':') + 1).toLowerCase()]
    : undefined;
  if (protocol === undefined) {
    throw unknown(url, `an address that begins with ${Object.keys(PROTOCOLS).join(', ')}`);
  }
  const { allowed, isEndless, options = {} } = protocol;
  return {
    input: {
      url,
      options: {
        protocol_whitelist: allowed,
        analyzeduration: String(ANALYSE_SEC * 1_000_000),
        ...options,
      },
      label: withoutPassword(url),
    },
    kind: {
      overflow: isEndless === undefined ? ('wait' as const) : ('dropOldest' as const),
      isEndless,
    },
  };
}

/** Errors and logs are read by others. */
export const withoutPassword = (url: string): string =>
  url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1***@')
    .replace(/([?&][^=&#]*(?:pass|secret|token|key|auth|sig)[^=&#]*=)[^&#]*/gi, '$1***');

function unknown(url: string, wanted: string): VisualError {
  const shown = withoutPassword(url);
  return new VisualError(
    'VB_SOURCE_UNKNOWN',
    `${JSON.stringify(shown)} is not ${wanted}. Check the address.`,
    { details: { source: shown } },
  );
}
