import { nsToSec, type Frame } from 'visualbase';
import { formatClock } from 'visualbase/command';
import { triggerOf, type Observation, type Signals, type SignalValue } from 'visualpath';
import { jsonValue } from './json-value.ts';

/**
 * What was seen in a frame, in one line for people: signals by module, of those that are true or false
 * the true ones, and triggers.
 */
export function textLine(frame: Frame, observations: readonly Observation[]): string {
  const seen = observations.map(
    (one) => `${one.source}: ${textOf(one.signals)}${triggerText(one)}`,
  );
  const at = formatClock(nsToSec(frame.tSrcNs), 3);
  return `${at}  ${seen.length === 0 ? '-' : seen.join(' | ')}`;
}

function textOf(signals: Signals): string {
  const shown = Object.entries(signals).flatMap(([name, value]) => {
    if (value === false) return [];
    return [value === true ? name : `${name} ${printed(value)}`];
  });
  return shown.length === 0 ? '-' : shown.join(', ');
}

const printed = (value: SignalValue): string =>
  typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(3)))
    : String(value);

function triggerText(observation: Observation): string {
  const trigger = triggerOf(observation);
  return trigger === undefined ? '' : ` => ${trigger.label} (${printed(trigger.score)})`;
}

/** The same as JSON for machines, in one line. */
export function jsonLine(
  { frameId, tSrcNs: tNs }: Frame,
  observations: readonly Observation[],
  { hasData }: { readonly hasData: boolean },
): string {
  const bySource = observations.map(({ source, signals, data, metadata }) => {
    const more = hasData ? { data, metadata } : {};
    return [source, { signals, ...more }] as const;
  });
  const triggers = observations.flatMap((one) => triggerOf(one) ?? []);
  return JSON.stringify(
    jsonValue({
      frameId,
      tNs,
      observations: Object.fromEntries(bySource),
      ...(triggers.length > 0 && { triggers }),
    }),
  );
}
