import { defineModule, type AnyModule } from 'visualpath';
import { ticks } from './test-modules.ts';

/** What starting the modules of {@link chain} writes down. */
export const STARTED: readonly string[] = [
  ...['initialize a', 'initialize b', 'initialize c'],
  ...['warmup a', 'warmup b', 'warmup c'],
];

/** What cleaning them up writes down. */
export const DOWN: readonly string[] = ['cleanup c', 'cleanup b', 'cleanup a'];

/**
 * Three modules, c on b on a, listed in reverse, that write their lives down and throw at given steps
 * such as `process b`.
 */
export function chain(
  log: string[],
  throws: { readonly at?: string; readonly also?: string } = {},
): readonly AnyModule[] {
  const step = (what: string): void => {
    log.push(what);
    if (what === throws.at || what === throws.also) throw new Error(what);
  };
  const traced = (name: string, ...depends: readonly string[]): AnyModule =>
    defineModule<string, undefined, readonly string[]>({
      name,
      depends,
      initialize: async () => {
        await ticks(2);
        step(`initialize ${name}`);
      },
      warmup: () => step(`warmup ${name}`),
      process: async () => {
        await ticks(2);
        step(`process ${name}`);
        return { signals: {} };
      },
      cleanup: async () => {
        await ticks(2);
        step(`cleanup ${name}`);
      },
    });
  return [traced('c', 'b'), traced('b', 'a'), traced('a')];
}
