import { VisualError, type RgbImage } from 'visualbase';
import type { Mark } from 'visualpath';
import { markFault } from './mark-fault.ts';
import { checkSizes, completeSizes, type MarkSizes } from './mark-sizes.ts';
import { MarkStyles } from './mark-styles.ts';
import { MarksDrawing } from './marks-drawing.ts';
import { Painter, type Canvas } from './painter.ts';
import { PictureSpace } from './picture-space.ts';
import { Typeface } from './typeface.ts';

/** The marks of one module for one picture. */
export interface ModuleMarks {
  /** Name of the module; its part before the dot decides on colours. */
  readonly module: string;
  readonly marks: readonly Mark[];
}

/** A mark that cannot be drawn. */
export interface BadMark {
  readonly module: string;
  /** Its place in the list of the module. */
  readonly index: number;
  /** What is wrong, as the end of a sentence. */
  readonly fault: string;
}

/** Options of {@link MarkRenderer}. */
export interface MarkRendererOptions {
  /** Width of lines, pixels, 1 to 100. Default: by the size of the picture, 3 at 720 rows. */
  readonly lineWidthPx?: number;
  /** Height of capitals, pixels, 10 to 500. Default: by the size of the picture, 15 at 720 rows. */
  readonly textHeightPx?: number;
  /** Called for each mark that cannot be drawn, which is left out then. Default: `VPX_BAD_MARK` is thrown. */
  readonly onBadMark?: (bad: BadMark) => void;
}

/**
 * Draws marks over pictures: boxes, points and bones in the colours of whom they belong to, texts on
 * plates above them. Plates stay in the picture, and clear of each other where there is room; `text`
 * marks are stacked at the upper left. Needs no fonts and no native code; a few tenths of a millisecond
 * for what a frame usually has.
 *
 * **Gotchas**: points that are NaN, and what lies outside of the picture, are left out silently.
 *
 * @example
 * ```ts
 * const renderer = new MarkRenderer();
 * await run('party.mp4', {
 *   modules: [poses],
 *   onFrame: (frame, [seen]) =>
 *     writer.write(renderer.render(frame, marksOf([poses], seen!.observations)), frame.tSrcNs),
 * });
 * ```
 */
export class MarkRenderer {
  readonly #options: MarkRendererOptions;
  readonly #typefaces = new Map<number, Typeface>();
  #pixels = new Uint8Array(0);

  /** @throws RangeError naming the option that is wrong. */
  constructor(options: MarkRendererOptions = {}) {
    checkSizes(options);
    this.#options = options;
  }

  /**
   * Draws on a copy of a picture.
   *
   * @returns The copy, rows without padding. Its memory is used again by the next call.
   * @throws VisualError `VPX_BAD_MARK`, unless `onBadMark` is given.
   */
  render(image: RgbImage, marks: readonly ModuleMarks[]): RgbImage {
    const byteCount = image.width * image.height * 3;
    if (this.#pixels.length !== byteCount) this.#pixels = new Uint8Array(byteCount);
    const copy = copyInto(image, this.#pixels);
    this.draw(copy, marks);
    return copy;
  }

  /**
   * Draws into a picture itself. Frames of a source are borrowed and may be shared: draw on a copy of
   * those ({@link MarkRenderer.render}).
   *
   * @throws VisualError `VPX_BAD_MARK`, unless `onBadMark` is given; nothing is drawn then.
   */
  draw(canvas: Canvas, marks: readonly ModuleMarks[]): void {
    const good = marks.map((one) => ({ ...one, marks: this.#checked(one) }));
    const sizes: MarkSizes = completeSizes(this.#options, canvas);
    const space = new PictureSpace(canvas.width, canvas.height);
    const typeface = this.#typeface(sizes.textHeightPx);
    const drawing = new MarksDrawing(new Painter(canvas), space, typeface, sizes);
    for (const { module, marks: ofModule } of good) {
      const styles = new MarkStyles(module);
      for (const mark of ofModule) drawing.add(mark, styles.next(mark));
    }
    drawing.finish();
  }

  #checked({ module, marks }: ModuleMarks): readonly Mark[] {
    if (!Array.isArray(marks)) {
      this.#refuse({ module, index: 0, fault: 'is not in a list' });
      return [];
    }
    return marks.filter((mark, index) => {
      const fault = markFault(mark);
      if (fault !== undefined) this.#refuse({ module, index, fault });
      return fault === undefined;
    });
  }

  #refuse(bad: BadMark): void {
    const { onBadMark } = this.#options;
    if (onBadMark !== undefined) { onBadMark(bad); return; }
    const { module, index, fault } = bad;
    throw new VisualError(
      'VPX_BAD_MARK',
      `Mark ${index} of module "${module}" ${fault}. Correct annotate() of the module, or give onBadMark to go on without the mark.`,
      { details: { ...bad } },
    );
  }

  #typeface(capPx: number): Typeface {
    let typeface = this.#typefaces.get(capPx);
    if (typeface === undefined) {
      typeface = new Typeface(capPx);
      this.#typefaces.set(capPx, typeface);
    }
    return typeface;
  }
}

/**
 * Draws marks on a copy of a picture, once. For many pictures keep a {@link MarkRenderer}, which is
 * faster.
 *
 * @throws As {@link MarkRenderer} and its `render`.
 */
export const renderMarks = (
  image: RgbImage,
  marks: readonly ModuleMarks[],
  options: MarkRendererOptions = {},
): RgbImage => new MarkRenderer(options).render(image, marks);

function copyInto({ width, height, strideBytes, data }: RgbImage, pixels: Uint8Array): RgbImage {
  const rowBytes = width * 3;
  if (strideBytes === rowBytes) {
    pixels.set(data.subarray(0, pixels.length));
  } else {
    for (let y = 0; y < height; y++) {
      pixels.set(data.subarray(y * strideBytes, y * strideBytes + rowBytes), y * rowBytes);
    }
  }
  return { format: 'rgb24', width, height, strideBytes: rowBytes, data: pixels };
}
