import { quote } from '../plugin/printable.ts';

// Far beyond any graph, and little work: a few lines of YAML with aliases can stand for billions.
const MAX_VALUES = 1_000_000;

/** Where in a JSON document something is, for messages: `nodes[2].every`. */
export class JsonPlace {
  readonly #parent: JsonPlace | undefined;
  readonly #key: string | number;
  readonly #budget: { left: number };

  private constructor(
    parent: JsonPlace | undefined,
    key: string | number,
    budget: { left: number },
  ) {
    this.#parent = parent;
    this.#key = key;
    this.#budget = budget;
  }

  /** The document itself, with nothing read of it yet. */
  static root(): JsonPlace {
    return new JsonPlace(undefined, 'the graph', { left: MAX_VALUES });
  }

  /** The place of a field or an item here. */
  at(key: string | number): JsonPlace {
    return new JsonPlace(this, key, this.#budget);
  }

  /** Counts values that are about to be read. Returns how many the document may have if it has more. */
  spend(count: number): number | undefined {
    this.#budget.left -= count;
    return this.#budget.left < 0 ? MAX_VALUES : undefined;
  }

  toString(): string {
    if (this.#parent === undefined) return String(this.#key);
    const before = this.#parent.#parent === undefined ? '' : this.#parent.toString();
    if (typeof this.#key === 'number') return `${before}[${this.#key}]`;
    if (!/^[a-z_$][\w$]*$/i.test(this.#key)) return `${before}[${quote(this.#key)}]`;
    return before === '' ? this.#key : `${before}.${this.#key}`;
  }
}
