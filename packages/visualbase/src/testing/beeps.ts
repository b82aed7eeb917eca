import type { MonoAudio } from '../av/decode-mono.ts';

/** Seconds from one beep to the next; the first starts with the first sample. */
export const BEEP_INTERVAL_SEC = 0.25;
const BEEP_SEC = 0.04;

/** Beeps repeat their pitches after this many. */
export const BEEP_PITCH_COUNT = 16;
const LOWEST_HZ = 600;
const STEP_HZ = 100;

/** A beep found in a soundtrack. */
export interface Beep {
  /** Time of its first sample, from the start of the video stream, to about 2 ms. */
  readonly tNs: number;
  /** Which beep it is: its number in the source, modulo {@link BEEP_PITCH_COUNT}. */
  readonly pitch: number;
}

/** Renders one channel of beeps, each with the pitch of its number. */
export function renderBeeps(
  firstSample: number,
  count: number,
  sampleRateHz: number,
): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const sec = (firstSample + i) / sampleRateHz;
    const number = Math.floor(sec / BEEP_INTERVAL_SEC);
    const since = sec - number * BEEP_INTERVAL_SEC;
    if (since >= BEEP_SEC) continue;
    const hz = LOWEST_HZ + STEP_HZ * (number % BEEP_PITCH_COUNT);
    samples[i] = 0.6 * Math.sin(2 * Math.PI * hz * since);
  }
  return samples;
}

/** Finds the whole beeps in decoded audio. */
export function findBeeps({ startNs, sampleRateHz, samples }: MonoAudio): readonly Beep[] {
  const beeps: Beep[] = [];
  const windowLength = Math.round(sampleRateHz * 0.002);
  const beepLength = Math.round(sampleRateHz * BEEP_SEC);
  for (let i = 0; i + beepLength <= samples.length; i++) {
    if (Math.abs(samples[i]!) < 0.15) continue;
    if (!isLoud(samples, i + beepLength - 2 * windowLength, windowLength)) continue;
    const crossings = countCrossings(samples, i + windowLength, i + beepLength - windowLength);
    const hz = (crossings * sampleRateHz) / 2 / (beepLength - 2 * windowLength);
    beeps.push({
      tNs: Math.round(startNs + (i / sampleRateHz) * 1e9),
      pitch: Math.max(0, Math.round((hz - LOWEST_HZ) / STEP_HZ)),
    });
    i += 2 * beepLength;
  }
  return beeps;
}

function isLoud(samples: Float32Array, from: number, length: number): boolean {
  for (let i = from; i < from + length; i++) if (Math.abs(samples[i] ?? 0) > 0.3) return true;
  return false;
}

function countCrossings(samples: Float32Array, from: number, to: number): number {
  let count = 0;
  for (let i = from + 1; i < to; i++) if (samples[i - 1]! < 0 !== samples[i]! < 0) count += 1;
  return count;
}
