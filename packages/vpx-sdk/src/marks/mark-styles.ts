import type { Mark } from 'visualpath';
import { colorOf, parseColor, type Rgb } from './color.ts';

/**
 * Chooses the colours of the marks of one module. A mark has the colour that it names, or that of whom
 * it belongs to: the first whole number of its `label` is the track id, and a mark without a label
 * belongs to the one before it.
 */
export class MarkStyles {
  readonly #domain: string;
  #current: Rgb;

  /** @param module - Name of the module; those of one domain (`face.detect`, `face.expression`) agree. */
  constructor(module: string) {
    this.#domain = module.split('.', 1)[0]!;
    this.#current = colorOf(this.#domain, 0);
  }

  /** The colour of the next mark. */
  next({ color, label }: Mark): Rgb {
    if (label !== undefined) this.#current = colorOf(this.#domain, idIn(label));
    return (color === undefined ? undefined : parseColor(color)) ?? this.#current;
  }
}

const idIn = (label: string): number =>
  Number(/(?<![\d.])\d{1,15}(?![\d.]*\d)/.exec(label)?.[0] ?? 0);
