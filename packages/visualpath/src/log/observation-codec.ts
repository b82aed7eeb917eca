import { VisualError } from 'visualbase';
import type { Observation } from '../core/observation.ts';
import { ValueInspector, type SerializeProblem } from './serializable.ts';
import { deserializeValue, serializeValue } from './value-codec.ts';

/**
 * Writes an observation so that {@link decodeObservation} gives it back bit for bit: plain data,
 * cycles and shared objects included, typed arrays (the bytes of the view alone), `ArrayBuffer`,
 * `Date`, `Map`, `Set`, bigint, -0, NaN, undefined, and `Trigger` anywhere in it.
 *
 * A view on a `SharedArrayBuffer` comes back on an ordinary one. The format is of this version of
 * the library and of V8: for a pipe or a temporary file, not for keeping.
 *
 * @throws VisualError `VP_OBSERVATION_NOT_SERIALIZABLE` naming the module, the frame and the field.
 */
export function encodeObservation(observation: Observation): Uint8Array {
  const inspector = new ValueInspector();
  const problem = inspector.inspect(observation);
  if (problem !== undefined) throw notSerializable(observation, problem);
  try {
    return serializeValue(observation, inspector);
  } catch (cause) {
    throw notSerializable(observation, locate(observation, cause), cause);
  }
}

/**
 * Reads what {@link encodeObservation} wrote. Shares no memory with `bytes`.
 *
 * @throws VisualError `VP_OBSERVATION_CORRUPT` if the bytes are cut short or something else.
 */
export function decodeObservation(bytes: Uint8Array): Observation {
  const value = decode(bytes);
  if (typeof value === 'object' && value !== null && 'source' in value) return value as Observation;
  throw corrupt(bytes, undefined);
}

/** Observations as bytes, and those that had to be left out. */
export interface EncodedChunk {
  /** Undefined if not one observation could be written. */
  readonly bytes: Uint8Array | undefined;
  /** What could not be written, by index in the chunk. */
  readonly kept: ReadonlyMap<number, Observation>;
}

const NOTHING_KEPT: ReadonlyMap<number, Observation> = new Map();

/** Encodes many observations at once, which takes a fraction of the time that one by one would. */
export function encodeChunk(observations: readonly Observation[]): EncodedChunk {
  const inspector = new ValueInspector();
  let isBad = observations.map((observation) => inspector.inspect(observation) !== undefined);
  try {
    return encodeGood(observations, isBad, inspector);
  } catch {
    // Something that only V8 can see: ask it about each.
    isBad = observations.map((observation) => !canEncode(observation));
  }
  try {
    const second = new ValueInspector();
    for (const [index, observation] of observations.entries()) {
      if (isBad[index] === false) second.inspect(observation);
    }
    return encodeGood(observations, isBad, second);
  } catch {
    return { bytes: undefined, kept: new Map(observations.entries()) };
  }
}

function encodeGood(
  observations: readonly Observation[],
  isBad: readonly boolean[],
  inspector: ValueInspector,
): EncodedChunk {
  if (!isBad.includes(true)) {
    return { bytes: serializeValue(observations, inspector), kept: NOTHING_KEPT };
  }
  const kept = new Map([...observations.entries()].filter(([index]) => isBad[index]));
  if (kept.size === observations.length) return { bytes: undefined, kept };
  const good = observations.map((observation, index) => (isBad[index] ? undefined : observation));
  return { bytes: serializeValue(good, inspector), kept };
}

function canEncode(observation: Observation): boolean {
  try {
    encodeObservation(observation);
    return true;
  } catch {
    return false;
  }
}

/**
 * Decodes what {@link encodeChunk} wrote, with what was kept in its place.
 *
 * @throws VisualError `VP_OBSERVATION_CORRUPT`.
 */
export function decodeChunk(
  bytes: Uint8Array,
  kept: ReadonlyMap<number, Observation>,
): readonly Observation[] {
  const observations = decode(bytes);
  if (!Array.isArray(observations)) throw corrupt(bytes, undefined);
  for (const [index, observation] of kept) observations[index] = observation;
  return observations as readonly Observation[];
}

function decode(bytes: Uint8Array): unknown {
  try {
    return deserializeValue(bytes);
  } catch (cause) {
    throw corrupt(bytes, cause);
  }
}

function corrupt(bytes: Uint8Array, cause: unknown): VisualError {
  return new VisualError(
    'VP_OBSERVATION_CORRUPT',
    `A record of ${bytes.byteLength} bytes does not hold an observation: it is cut short, or was written by something else. Record it again.`,
    { cause, details: { byteLength: bytes.byteLength } },
  );
}

/** V8 does not say where; the top-level field is better than nothing. */
function locate(observation: Observation, cause: unknown): SerializeProblem {
  const reason = `cannot be copied (${cause instanceof Error ? cause.message : String(cause)})`;
  for (const [path, value] of Object.entries(observation)) {
    const inspector = new ValueInspector();
    inspector.inspect(value);
    try {
      serializeValue(value, inspector);
    } catch {
      return { path, reason };
    }
  }
  return { path: '', reason };
}

function notSerializable(
  { source, frameId }: Observation,
  { path, reason }: SerializeProblem,
  cause?: unknown,
): VisualError {
  return new VisualError(
    'VP_OBSERVATION_NOT_SERIALIZABLE',
    `Module "${source}" gave an observation for frame ${frameId} that cannot be written: ${path === '' ? 'the observation itself' : path} ${reason}. Give plain data: numbers, texts, arrays, objects, typed arrays, Date, Map, Set, Trigger.`,
    { ...(cause === undefined ? {} : { cause }), details: { module: source, frameId, path } },
  );
}
