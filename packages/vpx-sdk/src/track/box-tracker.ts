import { NS_PER_SEC, type PixelBox } from 'visualbase';
import { bestAssignment } from './assignment.ts';
import { TrackedBox } from './tracked-box.ts';

/** Options of {@link BoxTracker}. */
export interface BoxTrackerOptions {
  /** Seconds after which a box that was not seen again is forgotten. Default 1. */
  readonly maxGapSec?: number;
  /**
   * Least likeness of two boxes to be the same object: overlap (IoU), or for boxes that no longer
   * overlap, closeness. 0..1, default 0.1.
   */
  readonly minLikeness?: number;
}

/** What the caller of {@link BoxTracker.update} knows beyond the boxes. */
export interface TrackingHints {
  /**
   * For each box that was followed by other means, the id that this tracker gave it before; undefined
   * for the others.
   */
  readonly knownIds?: readonly (number | undefined)[];
  /** Whether a box, by its place in the list, may be the object of an earlier id. Default: any may. */
  canBe?(boxAt: number, id: number): boolean;
}

/**
 * Gives the boxes of one frame the ids of the boxes of the frames before. A Kalman filter says where
 * each should be by now, also while it is hidden, and of all ways to match, the one with the greatest
 * overlap in sum is taken.
 *
 * @see Bewley et al., SORT, arXiv:1602.00763.
 */
export class BoxTracker {
  readonly #maxGapNs: number;
  readonly #minLikeness: number;
  #tracks: TrackedBox[] = [];
  #nextId = 1;

  constructor(options: BoxTrackerOptions = {}) {
    this.#maxGapNs = (options.maxGapSec ?? 1) * NS_PER_SEC;
    this.#minLikeness = options.minLikeness ?? 0.1;
  }

  /**
   * The id of each box, in the same order. Call once a frame, in order of time.
   *
   * @param hints - What the caller knows beyond the boxes.
   */
  update(boxes: readonly PixelBox[], tNs: number, hints: TrackingHints = {}): readonly number[] {
    this.#tracks = this.#tracks.filter((track) => tNs - track.lastSeenNs <= this.#maxGapNs);
    const ids = new Array<number>(boxes.length).fill(0);
    const give = (boxAt: number, track: TrackedBox): void => {
      ids[boxAt] = track.id;
      track.follow(boxes[boxAt]!, tNs);
    };
    const free = new Set(this.#tracks);
    for (const boxAt of boxes.keys()) {
      const knownId = hints.knownIds?.[boxAt];
      const track = this.#tracks.find(({ id }) => id === knownId);
      if (track !== undefined && free.delete(track)) give(boxAt, track);
    }
    for (const [boxAt, track] of this.#match(boxes, ids, [...free], tNs, hints)) give(boxAt, track);
    for (const [boxAt, box] of boxes.entries()) {
      if (ids[boxAt] !== 0) continue;
      ids[boxAt] = this.#nextId++;
      this.#tracks.push(new TrackedBox(ids[boxAt], box, tNs));
    }
    return ids;
  }

  /** Forgets all tracks; ids go on. */
  reset(): void {
    this.#tracks = [];
  }

  /** Pairs the boxes that have no id yet with tracks. */
  #match(
    boxes: readonly PixelBox[],
    ids: readonly number[],
    tracks: readonly TrackedBox[],
    tNs: number,
    hints: TrackingHints,
  ): readonly (readonly [boxAt: number, track: TrackedBox])[] {
    const open = [...boxes.keys()].filter((boxAt) => ids[boxAt] === 0);
    if (open.length === 0 || tracks.length === 0) return [];
    const compare = tracks.map((track) => track.likenessAt(tNs));
    const scores = open.map((boxAt) =>
      tracks.map(({ id }, i) => {
        const likeness = compare[i]!(boxes[boxAt]!);
        if (likeness < this.#minLikeness) return 0;
        return hints.canBe?.(boxAt, id) === false ? 0 : likeness;
      }),
    );
    return bestAssignment(scores).flatMap((trackAt, i) =>
      trackAt < 0 ? [] : [[open[i]!, tracks[trackAt]!] as const],
    );
  }
}
