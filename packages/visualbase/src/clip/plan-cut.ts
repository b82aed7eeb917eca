/** A packet of the source, as far as a cut has to know it. Times are ticks of the stream. */
export interface ScannedPacket {
  /** When its picture is shown; undefined if the container does not say. */
  readonly pts: number | undefined;
  /** 0 if the container does not say. */
  readonly duration: number;
  readonly isKey: boolean;
  /** A key frame before which the decoder forgets everything. */
  readonly isIdr: boolean;
  /** Decoded, but not shown. */
  readonly isHidden: boolean;
  readonly isDamaged: boolean;
}

/** Which packets a cut takes over, and which pictures it has to encode. Indices are in order of decoding. */
export interface CutPlan {
  /** The key frame from which all that is needed can be decoded. */
  readonly keyIndex: number;
  /** Packets that are copied: from here ... */
  readonly copyFrom: number;
  /** ... to here, exclusive. */
  readonly copyTo: number;
  /** Times of packets in that range that are left out. */
  readonly isLeftOut: (pts: number) => boolean;
  /** Times of the pictures before and behind the copied ones that are encoded anew, in order. */
  readonly head: readonly number[];
  readonly tail: readonly number[];
  /** Times of the first and the last picture that are shown. */
  readonly firstPts: number;
  readonly lastPts: number;
  /** Time of the picture after the last one; undefined at the end of the file. */
  readonly nextPts: number | undefined;
  readonly frameCount: number;
  /** Whether pictures are stored that the container has to hide: before the first, behind the last. */
  readonly hasPreroll: boolean;
  readonly hasOverhang: boolean;
}

/** Why packets cannot be copied. */
export type CutObstacle = 'no-times' | 'damaged' | 'hidden' | 'no-key-frame' | 'no-picture';

/** Packets from a key frame at or before `start` on, and up to the first whose picture is surely later than `end`. */
export interface ScannedSpan {
  readonly packets: readonly ScannedPacket[];
  /** The first tick inside and the first behind the range that is asked for. */
  readonly start: number;
  readonly end: number;
}

interface Shown {
  /** Times of all packets, in order of decoding. */
  readonly times: readonly number[];
  /** Times of the pictures in the range, in order. */
  readonly wanted: readonly number[];
  readonly keyIndex: number;
}

/**
 * Plans to copy everything: from the key frame that the first picture needs to the last packet that
 * the last picture needs. What is too much is hidden by the container.
 */
export function planCopy(span: ScannedSpan): CutPlan | CutObstacle {
  const found = look(span);
  if (typeof found === 'string') return found;
  const { times, wanted, keyIndex } = found;
  const firstPts = wanted[0]!;
  return finish(span.packets, times, {
    ...{ keyIndex, copyFrom: keyIndex, copyTo: endOf(times, keyIndex, wanted.at(-1)!) },
    ...{ head: [], tail: [], firstPts, lastPts: wanted.at(-1)!, isLeftOut: () => false },
    frameCount: wanted.length,
  });
}

/**
 * Plans to copy into a container that hides nothing: from the key frame on, also when that is too
 * early, and with the pictures behind the end that others need.
 */
export function planVisibleCopy(span: ScannedSpan): CutPlan | CutObstacle {
  const found = look(span);
  if (typeof found === 'string') return found;
  const { times, wanted, keyIndex } = found;
  const firstPts = times[keyIndex]!;
  let copyTo = endOf(times, keyIndex, wanted.at(-1)!);
  for (let before = -1; before !== copyTo;) {
    before = copyTo;
    copyTo = endOf(times, keyIndex, maxOf(times, keyIndex, copyTo));
  }
  const isLeftOut = (pts: number): boolean => pts < firstPts;
  const shown = times.filter((pts, i) => i >= keyIndex && i < copyTo && !isLeftOut(pts));
  if (span.packets.some(({ isHidden }, i) => isHidden && i >= keyIndex && i < copyTo)) {
    return 'hidden';
  }
  return finish(span.packets, times, {
    ...{ keyIndex, copyFrom: keyIndex, copyTo, head: [], tail: [], firstPts, isLeftOut },
    ...{ lastPts: maxOf(shown, 0, shown.length), frameCount: shown.length },
  });
}

/**
 * Plans to encode the pictures before the first clean key frame in the range, and to copy from there.
 *
 * @param canHide - Whether the container hides pictures behind the end; else those before the end that
 * need such pictures are encoded as well.
 * @returns Undefined when no clean key frame lies in the range.
 */
export function planSmartCut(
  span: ScannedSpan,
  canHide: boolean,
): CutPlan | CutObstacle | undefined {
  const found = look(span);
  if (typeof found === 'string') return found;
  const { times, wanted, keyIndex } = found;
  const lastPts = wanted.at(-1)!;
  const copyFrom = findJoint(span.packets, times, keyIndex, wanted[0]!, lastPts);
  if (copyFrom === undefined) return undefined;
  const copyTo = canHide ? endOf(times, copyFrom, lastPts) : cleanEndOf(times, copyFrom, lastPts);
  if (copyTo <= copyFrom) return undefined;
  const lastCopied = canHide ? lastPts : maxOf(times, copyFrom, copyTo);
  return finish(span.packets, times, {
    ...{ keyIndex, copyFrom, copyTo, isLeftOut: () => false, firstPts: wanted[0]!, lastPts },
    head: wanted.filter((pts) => pts < times[copyFrom]!),
    tail: wanted.filter((pts) => pts > lastCopied),
    frameCount: wanted.length,
  });
}

/** Sorts out what can be shown, or says why nothing can be copied. */
function look({ packets, start, end }: ScannedSpan): Shown | CutObstacle {
  const times: number[] = [];
  for (const { pts, isDamaged } of packets) {
    if (pts === undefined) return 'no-times';
    if (isDamaged) return 'damaged';
    times.push(pts);
  }
  if (new Set(times).size < times.length) return 'no-times';
  const shown = times.filter((pts, i) => !packets[i]!.isHidden && pts >= start && pts < end);
  const wanted = shown.sort((a, b) => a - b);
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined) return 'no-picture';
  if (packets.some(({ isHidden }, i) => isHidden && times[i]! >= first && times[i]! <= last)) {
    return 'hidden';
  }
  const keyIndex = packets.findLastIndex(({ isKey }, i) => isKey && times[i]! <= first);
  return keyIndex < 0 ? 'no-key-frame' : { times, wanted, keyIndex };
}

/** The first IDR picture at or after `first` with nothing reaching over it from either side. */
function findJoint(
  packets: readonly ScannedPacket[],
  times: readonly number[],
  from: number,
  first: number,
  last: number,
): number | undefined {
  const minAfter = earliestFrom(times);
  let maxBefore = -Infinity;
  for (let i = from; i < times.length; i++) {
    const pts = times[i]!;
    const isClean = maxBefore < pts && minAfter[i + 1]! > pts;
    if (isClean && packets[i]!.isIdr && pts >= first && pts <= last) return i;
    maxBefore = Math.max(maxBefore, pts);
  }
  return undefined;
}

/** Behind the last packet whose picture is not later than `last`. */
function endOf(times: readonly number[], from: number, last: number): number {
  for (let i = times.length; i > from; i--) if (times[i - 1]! <= last) return i;
  return from;
}

/** The furthest place where all pictures so far are before all that follow, and none is behind `last`. */
function cleanEndOf(times: readonly number[], from: number, last: number): number {
  const minAfter = earliestFrom(times);
  let best = from;
  let max = -Infinity;
  for (let i = from; i < times.length; i++) {
    max = Math.max(max, times[i]!);
    if (max > last) break;
    if (minAfter[i + 1]! > max) best = i + 1;
  }
  return best;
}

/** For each index, and the one behind the last, the earliest time from there on. */
function earliestFrom(times: readonly number[]): number[] {
  const earliest = [...times, Infinity];
  for (let i = times.length - 1; i >= 0; i--) {
    earliest[i] = Math.min(times[i]!, earliest[i + 1]!);
  }
  return earliest;
}

function maxOf(times: readonly number[], from: number, to: number): number {
  return times.slice(from, to).reduce((most, pts) => Math.max(most, pts), -Infinity);
}

function finish(
  packets: readonly ScannedPacket[],
  times: readonly number[],
  plan: Omit<CutPlan, 'nextPts' | 'hasPreroll' | 'hasOverhang'>,
): CutPlan {
  const { copyFrom, copyTo, firstPts, lastPts, isLeftOut } = plan;
  const copied = times.slice(copyFrom, copyTo).filter((pts) => !isLeftOut(pts));
  const later = times.filter((pts, i) => pts > lastPts && !packets[i]!.isHidden);
  return {
    ...plan,
    nextPts: later.length === 0 ? undefined : later.reduce((a, b) => Math.min(a, b)),
    hasPreroll: copied.some((pts) => pts < firstPts),
    hasOverhang: copied.some((pts) => pts > lastPts),
  };
}

/**
 * Decoding times for packets in order of decoding: increasing, and never later than the picture is
 * shown. Containers that store none (Matroska) leave some out, and pieces from two encoders would not
 * fit together.
 */
export function decodingTimes(times: readonly number[]): number[] {
  const sorted = times.toSorted((a, b) => a - b);
  const delay = sorted.reduce((most, pts, i) => Math.max(most, pts - times[i]!), 0);
  return sorted.map((pts) => pts - delay);
}
