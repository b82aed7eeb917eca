import { NS_PER_SEC, type PixelBox } from 'visualbase';
import { iou } from '../detect/nms.ts';

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

interface Track {
  readonly id: number;
  box: PixelBox;
  lastSeenNs: number;
  /** Speed of the box's centre, pixels per second. */
  velocityX: number;
  velocityY: number;
}

const widthOf = (box: PixelBox): number => box.x2 - box.x1;
const heightOf = (box: PixelBox): number => box.y2 - box.y1;

/**
 * Gives the boxes of one frame the ids of the boxes of the frames before: greedy, best match first,
 * against where each box should be by now if it kept its speed.
 */
export class BoxTracker {
  readonly #maxGapNs: number;
  readonly #minLikeness: number;
  #tracks: Track[] = [];
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
    const expected = this.#tracks.map((track) => expectedBox(track, tNs));
    const pairs = boxes.flatMap((box, boxAt) =>
      expected.map((was, trackAt) => ({ boxAt, trackAt, likeness: likeness(box, was) })),
    );
    pairs.sort((a, b) => b.likeness - a.likeness);
    const ids = new Array<number>(boxes.length).fill(0);
    const taken = new Set<number>();
    for (const [boxAt, box] of boxes.entries()) {
      const knownId = hints.knownIds?.[boxAt];
      const trackAt = this.#tracks.findIndex(({ id }) => id === knownId);
      if (trackAt < 0 || taken.has(trackAt)) continue;
      taken.add(trackAt);
      ids[boxAt] = knownId!;
      follow(this.#tracks[trackAt]!, box, tNs);
    }
    for (const pair of pairs) {
      if (pair.likeness < this.#minLikeness) break;
      if (ids[pair.boxAt] !== 0 || taken.has(pair.trackAt)) continue;
      const track = this.#tracks[pair.trackAt]!;
      if (hints.canBe?.(pair.boxAt, track.id) === false) continue;
      taken.add(pair.trackAt);
      ids[pair.boxAt] = track.id;
      follow(track, boxes[pair.boxAt]!, tNs);
    }
    for (const [i, box] of boxes.entries()) {
      if (ids[i] !== 0) continue;
      ids[i] = this.#nextId++;
      this.#tracks.push({ id: ids[i], box, lastSeenNs: tNs, velocityX: 0, velocityY: 0 });
    }
    return ids;
  }

  /** Forgets all tracks; ids go on. */
  reset(): void {
    this.#tracks = [];
  }
}

function expectedBox(track: Track, tNs: number): PixelBox {
  const sec = (tNs - track.lastSeenNs) / NS_PER_SEC;
  // A guess further than half a box away is worth less than staying put.
  const limit = (value: number, max: number): number => Math.max(-max, Math.min(max, value));
  const dx = limit(track.velocityX * sec, widthOf(track.box) / 2);
  const dy = limit(track.velocityY * sec, heightOf(track.box) / 2);
  const { x1, y1, x2, y2 } = track.box;
  return { space: 'px', x1: x1 + dx, y1: y1 + dy, x2: x2 + dx, y2: y2 + dy };
}

function follow(track: Track, box: PixelBox, tNs: number): void {
  const sec = Math.max(1e-3, (tNs - track.lastSeenNs) / NS_PER_SEC);
  const centreShift = (a1: number, a2: number, b1: number, b2: number): number =>
    (b1 + b2 - a1 - a2) / 2 / sec;
  const was = track.box;
  track.velocityX = (track.velocityX + centreShift(was.x1, was.x2, box.x1, box.x2)) / 2;
  track.velocityY = (track.velocityY + centreShift(was.y1, was.y2, box.y1, box.y2)) / 2;
  track.box = box;
  track.lastSeenNs = tNs;
}

/** Overlap; for boxes of like size that lie apart, up to 0.2 by closeness of their centres. */
function likeness(a: PixelBox, b: PixelBox): number {
  const overlap = iou(a, b);
  const size = Math.sqrt((widthOf(a) * heightOf(a) + widthOf(b) * heightOf(b)) / 2);
  const sizeRatio = (widthOf(a) * heightOf(a)) / (widthOf(b) * heightOf(b));
  if (sizeRatio < 0.4 || sizeRatio > 2.5) return overlap;
  const distance = Math.hypot(a.x1 + a.x2 - b.x1 - b.x2, a.y1 + a.y2 - b.y1 - b.y2) / 2;
  return Math.max(overlap, 0.2 * (1 - distance / size));
}
