import { EngineCore, type EngineSettings } from './engine-core.ts';

interface SharedCore {
  readonly starting: Promise<EngineCore>;
  holders: number;
}

// One thread per settings and process is the point of sharing.
const shared = new Map<string, SharedCore>();

/** Adds a holder to the shared engine with these settings; starts it for the first. */
export async function holdSharedCore(
  settings: EngineSettings,
): Promise<{ readonly core: EngineCore; readonly release: () => Promise<void> }> {
  const key = JSON.stringify(settings);
  let entry = shared.get(key);
  if (entry === undefined) {
    entry = { starting: EngineCore.start(settings), holders: 0 };
    shared.set(key, entry);
  }
  const held = entry;
  const forget = (): void => {
    if (shared.get(key) === held) shared.delete(key);
  };
  held.holders += 1;
  try {
    const core = await held.starting;
    // A thread that died must not be handed out again.
    void core.ended.then(forget);
    return {
      core,
      release: async () => {
        held.holders -= 1;
        if (held.holders > 0) return;
        forget();
        await core.close();
      },
    };
  } catch (error) {
    forget();
    throw error;
  }
}
