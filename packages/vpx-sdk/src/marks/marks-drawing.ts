import type { Mark, MarkPoint } from 'visualpath';
import { BLACK, inkOn, WHITE, type Rgb } from './color.ts';
import type { MarkSizes } from './mark-sizes.ts';
import type { Painter } from './painter.ts';
import type { PictureSpace, Xy } from './picture-space.ts';
import { PlatePlacer, type Candidates } from './plate-placer.ts';
import type { Typeface } from './typeface.ts';

/** What surrounds lines, so that they are seen on pictures of their own colour. */
const HALO_OPACITY = 0.45;
/** Of plates that are not in the colour of a mark. White on it has a contrast of 5 even on white. */
const SHADE_OPACITY = 0.62;
/** Points of a mesh are drawn smaller from this number on. */
const DENSE_COUNT = 40;
/** What is smaller than this many line widths, from corner to corner, is drawn with thinner lines. */
const FULL_SIZE = 60;
/** Length of a gauge, in heights of its plate. */
const GAUGE_LENGTH = 4;
/** So many places below its own are tried for a bar. */
const STACKED_BARS = 8;
/** Pixels that stay free between plates. */
const PLATE_GAP_PX = 1;

/** Something written on a plate, whose place is found when all plates are known. */
interface Plate {
  readonly text: string;
  readonly color: Rgb;
  readonly candidates: (widthPx: number, heightPx: number) => Candidates;
  /** Of a gauge, 0..1. */
  readonly value?: number;
}

/** The drawing of the marks of one picture: lines at once, plates on top of all of them at the end. */
export class MarksDrawing {
  readonly #painter: Painter;
  readonly #space: PictureSpace;
  readonly #typeface: Typeface;
  readonly #lineWidthPx: number;
  readonly #padPx: number;
  readonly #plates: Plate[] = [];
  /** Bars at one place, by the place. */
  readonly #stackSizes = new Map<string, number>();
  readonly #lines: { readonly text: string; readonly color: Rgb }[] = [];

  constructor(painter: Painter, space: PictureSpace, typeface: Typeface, sizes: MarkSizes) {
    this.#painter = painter;
    this.#space = space;
    this.#typeface = typeface;
    this.#lineWidthPx = sizes.lineWidthPx;
    this.#padPx = typeface.linePx - typeface.capPx;
  }

  /** Draws a mark whose form is right, see `markFault`. */
  add(mark: Mark, color: Rgb): void {
    switch (mark.kind) {
      case 'box':
        this.#addBox(mark, color);
        break;
      case 'keypoints':
        this.#addPoints(this.#placesOf(mark.points), mark.label, color);
        break;
      case 'skeleton': {
        const places = this.#placesOf(mark.points);
        this.#drawBones(places, mark.bones, color);
        this.#addPoints(places, mark.label, color);
        break;
      }
      case 'bar':
        this.#addBar(mark, color);
        break;
      case 'label':
        this.#addLabel(mark.at, [mark.label, mark.text], color);
        break;
      case 'text':
        this.#lines.push({ text: joined([mark.label, mark.text]), color });
    }
  }

  /** Draws the plates: lines of text first, since they have one place only. */
  finish(): void {
    const { width, height } = this.#space;
    const placer = new PlatePlacer(width, height, PLATE_GAP_PX);
    this.#drawLines(placer);
    for (const plate of this.#plates) this.#drawPlate(plate, placer);
  }

  #placesOf(points: readonly MarkPoint[]): readonly (Xy | undefined)[] {
    return points.map((point) => this.#space.point(point));
  }

  #addBox(mark: Mark & { kind: 'box' }, color: Rgb): void {
    const box = this.#space.box(mark.box);
    if (box === undefined) return;
    const rim = this.#lineWidthPx;
    const { x1, y1, x2, y2 } = box;
    const outer = { x1: x1 - 1, y1: y1 - 1, x2: x2 + 1, y2: y2 + 1 };
    this.#painter.frame(outer, 1, BLACK, HALO_OPACITY);
    this.#painter.frame(box, rim, color);
    if (mark.label === undefined) return;
    this.#plates.push({
      text: mark.label,
      color,
      candidates: (widthPx, heightPx) => [
        [x1, y1 - heightPx],
        [x1, y2],
        [x2 - widthPx, y1 - heightPx],
        [x2 - widthPx, y2],
        [x1, y1],
        [x2, y1],
        [x1 - widthPx, y1],
      ],
    });
  }

  #drawBones(
    places: readonly (Xy | undefined)[],
    bones: readonly (readonly [from: number, to: number])[],
    color: Rgb,
  ): void {
    const radius = Math.max(0.5, (this.#lineWidthPx / 2) * this.#scaleOf(places));
    const ends = bones.flatMap(([from, to]): readonly (readonly [Xy, Xy])[] => {
      const [a, b] = [places[from], places[to]];
      return a === undefined || b === undefined ? [] : [[a, b]];
    });
    for (const [a, b] of ends) {
      this.#painter.line(a[0], a[1], b[0], b[1], radius + 1, BLACK, HALO_OPACITY);
    }
    for (const [a, b] of ends) this.#painter.line(a[0], a[1], b[0], b[1], radius, color);
  }

  #addPoints(places: readonly (Xy | undefined)[], label: string | undefined, color: Rgb): void {
    const isDense = places.length > DENSE_COUNT;
    const scale = this.#scaleOf(places);
    const radius = isDense
      ? this.#lineWidthPx * 0.4
      : Math.max(1, (this.#lineWidthPx + 0.5) * scale);
    let highest: Xy | undefined;
    for (const place of places) {
      if (place === undefined) continue;
      if (!isDense) this.#painter.disc(place[0], place[1], radius + 1, BLACK, HALO_OPACITY);
      this.#painter.disc(place[0], place[1], radius, color);
      if (!this.#space.holds(place)) continue;
      if (highest === undefined || place[1] < highest[1]) highest = place;
    }
    if (label !== undefined && highest !== undefined) this.#addPlateAt(highest, label, color);
  }

  /** Up to 1, by how large something is in the picture: small hands must not become blots. */
  #scaleOf(places: readonly (Xy | undefined)[]): number {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const place of places) {
      if (place === undefined) continue;
      left = Math.min(left, place[0]);
      right = Math.max(right, place[0]);
      top = Math.min(top, place[1]);
      bottom = Math.max(bottom, place[1]);
    }
    // A point alone has no size.
    if (!(right > left || bottom > top)) return 1;
    return Math.min(1, Math.hypot(right - left, bottom - top) / (FULL_SIZE * this.#lineWidthPx));
  }

  #addBar({ at, value, label }: Mark & { kind: 'bar' }, color: Rgb): void {
    const place = this.#space.point(at);
    if (place === undefined || !this.#space.holds(place) || Number.isNaN(value)) return;
    const [x, y] = place;
    const stack = `${x} ${y}`;
    const index = this.#stackSizes.get(stack) ?? 0;
    this.#stackSizes.set(stack, index + 1);
    this.#plates.push({
      text: label ?? '',
      color,
      value: Math.max(0, Math.min(1, value)),
      candidates: (_widthPx, heightPx) => {
        const stepPx = heightPx + PLATE_GAP_PX;
        // All of a stack move up where the picture ends, so that they stay in their order.
        const room = this.#space.height - this.#stackSizes.get(stack)! * stepPx;
        const top = Math.min(y, Math.max(0, room));
        const places = Array.from({ length: STACKED_BARS }, (_, i) => top + (index + i) * stepPx);
        return places.map((y1) => [x, y1] as const);
      },
    });
  }

  #addLabel(at: MarkPoint, texts: readonly (string | undefined)[], color: Rgb): void {
    const place = this.#space.point(at);
    if (place === undefined || !this.#space.holds(place)) return;
    this.#addPlateAt(place, joined(texts), color);
  }

  #addPlateAt([x, y]: Xy, text: string, color: Rgb): void {
    const away = this.#lineWidthPx * 2 + 2;
    this.#plates.push({
      text,
      color,
      candidates: (widthPx, heightPx) => [
        [x + away, y - heightPx / 2],
        [x - away - widthPx, y - heightPx / 2],
        [x - widthPx / 2, y - away - heightPx],
        [x - widthPx / 2, y + away],
      ],
    });
  }

  #drawLines(placer: PlatePlacer): void {
    const { capPx } = this.#typeface;
    const heightPx = capPx + 2 * this.#padPx;
    const most = Math.floor(this.#space.height / (heightPx + 1));
    const left = this.#padPx;
    const room = this.#space.width - 4 * this.#padPx;
    const hidden = this.#lines.length - most;
    const shown =
      hidden <= 0
        ? this.#lines
        : [
            ...this.#lines.slice(0, Math.max(0, most - 1)),
            { text: `${hidden + 1} more lines`, color: WHITE },
          ].slice(0, most);
    for (const [i, { text, color }] of shown.entries()) {
      const fitting = this.#typeface.fit(text, room);
      if (fitting === '') continue;
      const widthPx = this.#typeface.widthPx(fitting) + 3 * this.#padPx;
      if (widthPx > this.#space.width) continue;
      const rect = placer.place(widthPx, heightPx, [[left, left + i * (heightPx + 1)]]);
      this.#painter.fill(rect, BLACK, SHADE_OPACITY);
      this.#painter.fill({ ...rect, x2: rect.x1 + Math.ceil(this.#padPx / 2) }, color);
      this.#typeface.write(
        this.#painter,
        fitting,
        rect.x1 + 2 * this.#padPx,
        rect.y1 + this.#padPx,
        WHITE,
      );
    }
  }

  #drawPlate({ text, color, candidates, value }: Plate, placer: PlatePlacer): void {
    const pad = this.#padPx;
    const heightPx = this.#typeface.capPx + 2 * pad;
    const gaugePx = value === undefined ? 0 : GAUGE_LENGTH * heightPx;
    const fitting = this.#typeface.fit(text, this.#space.width - gaugePx - 3 * pad);
    const textPx = fitting === '' ? 0 : this.#typeface.widthPx(fitting) + pad;
    if (fitting === '' && value === undefined) return;
    const widthPx = textPx + pad + (value === undefined ? 0 : gaugePx + pad);
    if (widthPx > this.#space.width || heightPx > this.#space.height) return;
    const rect = placer.place(widthPx, heightPx, candidates(widthPx, heightPx));
    const isGauge = value !== undefined;
    this.#painter.fill(rect, isGauge ? BLACK : color, isGauge ? SHADE_OPACITY : 1);
    const ink = isGauge ? WHITE : inkOn(color);
    this.#typeface.write(this.#painter, fitting, rect.x1 + pad, rect.y1 + pad, ink);
    if (!isGauge) return;
    const x1 = rect.x1 + textPx + pad;
    const slot = { x1, y1: rect.y1 + pad, x2: x1 + gaugePx, y2: rect.y2 - pad };
    this.#painter.fill(slot, WHITE, 0.25);
    this.#painter.fill({ ...slot, x2: x1 + Math.round(gaugePx * value) }, color);
  }
}

const joined = (texts: readonly (string | undefined)[]): string =>
  texts.filter((text) => text !== undefined && text !== '').join(': ');
