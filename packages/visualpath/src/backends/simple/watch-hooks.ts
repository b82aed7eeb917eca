import { isPromise, toPromise } from '../../core/maybe-promise.ts';
import type { DebugHooks } from '../debug-hooks.ts';

const HOOKS = ['enter', 'exit', 'state', 'error'] as const;

/** The same hooks, where a promise that one of them gives does not fail unseen: `onFailure` is told. */
export function watchHooks(hooks: DebugHooks, onFailure: (error: unknown) => void): DebugHooks {
  const watched: { -readonly [K in keyof DebugHooks]: DebugHooks[K] } = {};
  for (const name of HOOKS) {
    if (hooks[name] === undefined) continue;
    watched[name] = (event: never): void => {
      const answer = (hooks[name] as (event: never) => unknown).call(hooks, event);
      if (isPromise(answer)) toPromise(answer).catch(onFailure);
    };
  }
  return watched;
}
