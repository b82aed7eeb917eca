/** Name of an {@link ExecutionProfile}. */
export const ProfileName = {
  /** Everything in one process, one frame after the other: scripts, development, tests. */
  LITE: 'lite',
  /** Modules that cannot share a process are isolated; several frames are in flight: servers, large jobs. */
  PLATFORM: 'platform',
} as const;

/** One of the names. */
export type ProfileName = (typeof ProfileName)[keyof typeof ProfileName];

/** A set of choices for a run under one name; what the run says itself wins. */
export interface ExecutionProfile {
  readonly name: ProfileName;
  /** Whether modules that need the same resource group get processes of their own. */
  readonly isolatesConflicts: boolean;
  /** Groups of frames that may be worked on at a time. */
  readonly maxInFlight: number;
}

/** The profiles there are. */
export const EXECUTION_PROFILES: Readonly<Record<ProfileName, ExecutionProfile>> = {
  lite: { name: 'lite', isolatesConflicts: false, maxInFlight: 1 },
  platform: { name: 'platform', isolatesConflicts: true, maxInFlight: 4 },
};

/** Finds a profile. @throws RangeError naming those there are. */
export function executionProfile(name: ProfileName): ExecutionProfile {
  if (Object.hasOwn(EXECUTION_PROFILES, name)) return EXECUTION_PROFILES[name];
  const known = Object.keys(EXECUTION_PROFILES).join(', ');
  throw new RangeError(`The \`profile\` option must be one of ${known}, got "${name}".`);
}
