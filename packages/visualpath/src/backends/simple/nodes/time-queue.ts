/** From so many places that are free at the front on, the others are moved there. */
const MOVE_FROM = 256;

/**
 * A queue in order of time; what has the same time is in the order in which it came. Adding at the end
 * and taking from the front cost the same however much is queued.
 */
export class TimeQueue<T extends object> {
  readonly #timeOf: (item: T) => number;
  /** The places before the head are free. */
  readonly #places: (T | undefined)[] = [];
  #head = 0;

  constructor(timeOf: (item: T) => number) {
    this.#timeOf = timeOf;
  }

  get length(): number {
    return this.#places.length - this.#head;
  }

  /** The earliest. */
  get first(): T | undefined {
    return this.#places[this.#head];
  }

  /** Adds an item behind all that are not later. */
  add(item: T): void {
    const places = this.#places;
    const time = this.#timeOf(item);
    if (this.length === 0 || this.#timeOf(places[places.length - 1]!) <= time) {
      places.push(item);
      return;
    }
    let low = this.#head;
    let high = places.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#timeOf(places[middle]!) <= time) low = middle + 1;
      else high = middle;
    }
    places.splice(low, 0, item);
  }

  /** Takes the earliest out. */
  takeFirst(): T | undefined {
    const places = this.#places;
    const first = places[this.#head];
    if (first === undefined) return undefined;
    places[this.#head++] = undefined;
    if (this.#head === places.length) {
      places.length = 0;
      this.#head = 0;
    } else if (this.#head >= MOVE_FROM && this.#head * 2 > places.length) {
      places.splice(0, this.#head);
      this.#head = 0;
    }
    return first;
  }
}
