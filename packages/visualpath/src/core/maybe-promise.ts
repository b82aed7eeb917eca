/** A value or a promise of it: what synchronous and asynchronous code have in common. */
export type MaybePromise<T> = T | Promise<T>;

/** Tells a promise (or anything with a `then`) from a value. */
export const isPromise = <T>(value: MaybePromise<T>): value is Promise<T> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
