import { BLACK, type Rgb } from './color.ts';
import { Painter, type Mask } from './painter.ts';
import { CAP_HEIGHT, DESCENT, SPACING, strokesOf, writable } from './stroke-font.ts';

interface GlyphMask extends Mask {
  /** From the start of this character to that of the next. */
  readonly advancePx: number;
}

/** The stroke font in one size: characters as masks, each drawn once. */
export class Typeface {
  /** Height of capitals. */
  readonly capPx: number;
  /** From the top of capitals to below `g` and `y`. */
  readonly linePx: number;
  readonly #unitPx: number;
  readonly #penPx: number;
  readonly #masks = new Map<string, GlyphMask>();

  /** @param capPx - Height of capitals in pixels, a whole number. */
  constructor(capPx: number) {
    this.#unitPx = (capPx - 1) / CAP_HEIGHT;
    this.#penPx = Math.max(1.25, this.#unitPx * 1.25);
    this.capPx = capPx;
    this.linePx = this.#snap(CAP_HEIGHT + DESCENT) + 1;
  }

  /** Width of a text, which must be {@link writable}. */
  widthPx(text: string): number {
    let sum = 0;
    for (const character of text) sum += this.#maskOf(character).advancePx;
    return Math.max(0, sum - this.#snap(SPACING) + 1);
  }

  /** The text, cut with `...` where it is wider than `mostPx`; empty if nothing fits. */
  fit(text: string, mostPx: number): string {
    const clean = writable(text);
    if (this.widthPx(clean) <= mostPx) return clean;
    const characters = Array.from(clean);
    while (characters.length > 0) {
      characters.pop();
      const cut = `${characters.join('').trimEnd()}...`;
      if (this.widthPx(cut) <= mostPx) return characters.length === 0 ? '' : cut;
    }
    return '';
  }

  /** Writes a text, the top of its capitals at `top`. */
  write(painter: Painter, text: string, left: number, top: number, ink: Rgb): void {
    let x = left - MARGIN_PX;
    for (const character of text) {
      const mask = this.#maskOf(character);
      painter.stamp(mask, x, top - MARGIN_PX, ink);
      x += mask.advancePx;
    }
  }

  #maskOf(character: string): GlyphMask {
    const known = this.#masks.get(character);
    if (known !== undefined) return known;
    const made = this.#draw(character);
    if (this.#masks.size >= MAX_MASKS) this.#masks.clear();
    this.#masks.set(character, made);
    return made;
  }

  #draw(character: string): GlyphMask {
    const { width, strokes } = strokesOf(character);
    const widthPx = this.#snap(width) + 1 + 2 * MARGIN_PX;
    const heightPx = this.linePx + 2 * MARGIN_PX;
    // Black on white: what is missing to white is covered.
    const canvas = { width: widthPx, height: heightPx, strideBytes: widthPx * 3 };
    const data = new Uint8Array(canvas.strideBytes * heightPx).fill(255);
    const painter = new Painter({ ...canvas, data });
    const place = (units: number): number => this.#snap(units) + MARGIN_PX + 0.5;
    for (const points of strokes) {
      for (let i = 0; i + 3 < points.length; i += 2) {
        const [x0, y0, x1, y1] = points.slice(i, i + 4).map(place);
        painter.line(x0!, y0!, x1!, y1!, this.#penPx / 2, BLACK);
      }
    }
    const coverage = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => 255 - data[i * 3]!);
    return { widthPx, heightPx, coverage, advancePx: this.#snap(width) + this.#snap(SPACING) };
  }

  /** Whole pixels, so that upright strokes are sharp and alike. */
  #snap(units: number): number {
    return Math.round(units * this.#unitPx);
  }
}

/** Room around a character for the width of the pen. */
const MARGIN_PX = 2;
/** Characters kept; texts in many scripts must not fill the memory. */
const MAX_MASKS = 1000;
