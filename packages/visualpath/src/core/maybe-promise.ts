/** A value or a promise of it: what synchronous and asynchronous code have in common. */
export type MaybePromise<T> = T | Promise<T>;

/** Tells a promise (or anything with a `then`) from a value. */
export const isPromise = <T>(value: MaybePromise<T>): value is Promise<T> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

/** Makes a whole promise of what code of others gave, which may have nothing but a `then`. */
export const toPromise = <T>(value: PromiseLike<T>): Promise<T> => Promise.resolve(value);

/** Lets a promise go that nobody waits for: that it fails must not end the process. */
export const letGo = (value: PromiseLike<unknown>): void => {
  toPromise(value).catch(() => undefined);
};
