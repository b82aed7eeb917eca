import type { NativeCallFlags } from './native-call-flags.ts';

// The process has one exit, so it has one guard: a listener per engine would trip the warning about
// too many listeners.
const guarded = new Set<NativeCallFlags>();

const onExit = (): void => {
  for (const flags of guarded) flags.stopAndWait();
};

/** Has an exit of the process wait for the native call in progress. */
export function guardExit(flags: NativeCallFlags): void {
  if (guarded.size === 0) process.on('exit', onExit);
  guarded.add(flags);
}

/** Takes {@link guardExit} back, when the thread has ended. */
export function unguardExit(flags: NativeCallFlags): void {
  guarded.delete(flags);
  if (guarded.size === 0) process.off('exit', onExit);
}
