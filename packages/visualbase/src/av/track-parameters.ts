import { createHash } from 'node:crypto';
import { CodecParameters, type CodecContext, type Stream } from 'node-av/lib';
import type { Rational } from '../probe/media-info.ts';
import { check } from './check.ts';

/** What a decoder has to know of a stream, kept beyond the connection that it came with. */
export interface TrackParameters {
  readonly codecpar: CodecParameters;
  readonly timebase: Rational;
  /** Equal for streams whose packets one decoder can take in a row. */
  readonly key: string;
}

/** Copies the parameters of a stream. The caller frees `codecpar`. */
export function parametersOf(stream: Stream): TrackParameters {
  const codecpar = new CodecParameters();
  codecpar.alloc();
  check(stream.codecpar.copy(codecpar), 'avcodec_parameters_copy');
  codecpar.codecTag = 0; // the source container's tag means nothing in another one
  return describe(codecpar, stream.timeBase);
}

/** The parameters of what an open encoder gives. The caller frees `codecpar`. */
export function parametersOfEncoder(encoder: CodecContext): TrackParameters {
  const codecpar = new CodecParameters();
  codecpar.alloc();
  check(codecpar.fromContext(encoder), 'avcodec_parameters_from_context');
  return describe(codecpar, encoder.timeBase);
}

function describe(codecpar: CodecParameters, { num, den }: Rational): TrackParameters {
  const extra = createHash('sha256')
    .update(codecpar.extradata ?? '')
    .digest('hex');
  const { codecId, width, height, sampleRate } = codecpar;
  const key = [codecId, width, height, sampleRate, num, den, extra].join(':');
  return { codecpar, timebase: { num, den }, key };
}
