import { InvalidArgumentError } from '@commander-js/extra-typings';

function number(what: string, isGood: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !isGood(value)) throw new InvalidArgumentError(`It must be ${what}.`);
    return value;
  };
}

/** A number above 0. */
export const positive = number('a number above 0', (value) => Number.isFinite(value) && value > 0);

/** Seconds from 0. */
export const seconds = number(
  'a number of seconds from 0',
  (value) => Number.isFinite(value) && value >= 0,
);

/** A whole number from 1. */
export const count = number(
  'a whole number from 1',
  (value) => Number.isSafeInteger(value) && value > 0,
);

/** A side of a picture. */
export const pixels = number(
  'a whole number of pixels from 2',
  (value) => Number.isSafeInteger(value) && value >= 2,
);

/** A time as seconds (`83.5`) or as a clock shows it (`1:23.5`, `0:01:23.5`), in seconds. */
export function anySeconds(text: string): number {
  const match = /^(?:(\d+):)?(?:(\d+):)?(\d+(?:\.\d+)?)$/.exec(text.trim());
  if (match === null) {
    throw new InvalidArgumentError('It must be a time such as 83.5, 1:23.5 or 0:01:23.5.');
  }
  const parts = text.trim().split(':').map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0);
}
