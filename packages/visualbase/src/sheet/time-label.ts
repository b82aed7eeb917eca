import { NS_PER_SEC } from '../time/ns.ts';

/** A time for people, cut to tenths of a second: `0:07.4`, `12:30.0`, `1:02:03.9`. */
export function timeLabel(tNs: number): string {
  const tenths = Math.floor((tNs * 10) / NS_PER_SEC);
  const two = (value: number): string => String(value).padStart(2, '0');
  const sec = Math.floor(tenths / 10);
  const min = Math.floor(sec / 60);
  const rest = `${two(sec % 60)}.${tenths % 10}`;
  return min < 60 ? `${min}:${rest}` : `${Math.floor(min / 60)}:${two(min % 60)}:${rest}`;
}
