import { expect, it } from 'vitest';
import { timeLabel } from '../../src/sheet/time-label.ts';

it.each([
  [0, '0:00.0'],
  [7_499_999_999, '0:07.4'],
  [59_999_999_999, '0:59.9'],
  [750_000_000_000, '12:30.0'],
  [3_723_900_000_000, '1:02:03.9'],
])('%d ns is %s', (tNs, label) => {
  expect(timeLabel(tNs)).toBe(label);
});
