import type { Frame } from 'visualbase';
import type { Turn } from './turn.ts';

/**
 * Frames that buffering nodes keep beyond their turn. What is still kept when the turn is over gets
 * pixels of its own, so that a window of seconds does not hold up a source with a few slots.
 */
export class FramePins {
  readonly #counts = new Map<Frame, number>();
  /** Frames that calls hold whose time is over. Weak: a call that hangs for ever keeps nothing alive. */
  readonly #late = new WeakSet<Frame>();

  /** Keeps a frame. */
  pin(frame: Frame): void {
    // A node before this one may have kept the item without its pixels.
    if (frame.isReleased) return;
    const count = this.#counts.get(frame) ?? 0;
    if (count === 0) frame.retain();
    this.#counts.set(frame, count + 1);
  }

  /** Notes that a call goes on with a frame though nobody waits for it: it must not hold a slot for that. */
  markLate(frame: Frame): void {
    this.#late.add(frame);
  }

  /** Lets a frame go once the results of a turn have been delivered. */
  unpin(frame: Frame, turn: Turn): void {
    (turn.unpinned ??= []).push(frame);
  }

  /** To be called when a turn's results have been delivered, before its frame goes back. */
  settle({ frame, unpinned }: Turn): void {
    if (unpinned !== undefined) for (const other of unpinned) this.#drop(other);
    if (frame === undefined) return;
    const isKept = this.#counts.has(frame) || this.#late.delete(frame);
    if (isKept && !frame.isReleased) frame.detach();
  }

  /** Lets every frame go. */
  releaseAll(): void {
    for (const frame of this.#counts.keys()) frame.release();
    this.#counts.clear();
  }

  #drop(frame: Frame): void {
    const count = this.#counts.get(frame);
    if (count === undefined) return;
    if (count > 1) {
      this.#counts.set(frame, count - 1);
      return;
    }
    this.#counts.delete(frame);
    frame.release();
  }
}
