import { Frame } from 'visualbase';
import type { Observation } from 'visualpath';

/** A frame of the test with what others have seen in it. Nobody writes to either. */
export interface TestFrame {
  readonly frame: Frame;
  /** Required and optional dependencies, by name; optional ones may be missing. */
  readonly deps: Readonly<Record<string, Observation>>;
}

/** Written over pixels that were given back, so that who still looks at them sees nonsense. */
const GONE = 0xa5;

/** A copy of a frame that can be handed to a module and taken back. */
export class LentFrame {
  readonly frame: Frame;
  readonly #data: Uint8Array;
  readonly #original: Frame;

  /** @param index - Place in the whole sequence, which goes round `frames` again and again. */
  constructor({ frame: original }: TestFrame, time: { frameId: number; tNs: number }) {
    const { width, height, strideBytes } = original;
    this.#original = original;
    this.#data = original.data.slice();
    this.frame = Frame.fromRgb({
      ...{ frameId: time.frameId, tSrcNs: time.tNs, width, height, strideBytes },
      data: this.#data,
      // Somebody must own the memory, or detach() would see none to give back.
      onRelease: () => undefined,
    });
  }

  /** Says what has been written to; undefined if nothing. */
  findChange(): string | undefined {
    const { frameId } = this.frame;
    const at = firstChange(this.#original.data, this.#data);
    if (at !== undefined) return `byte ${at} of frame ${frameId} has changed: pixels are shared`;
    if (this.frame.isReleased) return undefined;
    const gray = firstChange(this.#original.gray().data, this.frame.gray().data);
    return gray === undefined
      ? undefined
      : `byte ${gray} of gray() of frame ${frameId} has changed: views are shared`;
  }

  /** Whether a view looks at these pixels. */
  holds(view: ArrayBufferView): boolean {
    return view.buffer === this.#data.buffer;
  }

  /** Takes the frame back, and writes over its pixels if nobody else holds it. */
  takeBack(): void {
    this.frame.release();
    if (this.frame.isReleased) this.#data.fill(GONE);
  }
}

function firstChange(before: Uint8Array, now: Uint8Array): number | undefined {
  if (Buffer.compare(before, now) === 0) return undefined;
  return before.findIndex((value, i) => value !== now[i]);
}
