import { FlowData } from '../../../core/flow-data.ts';
import { isPromise, toPromise, type MaybePromise } from '../../../core/maybe-promise.ts';
import type { CustomProcessor, CustomSpec } from '../../../flow/specs.ts';
import { typeName } from '../../../plugin/printable.ts';
import type { Turn } from '../turn.ts';
import { ImmediateRunner, type RunnerContext } from './node-runner.ts';

type Answer = FlowData | readonly FlowData[] | undefined;

/** Runs a node's own code, one item after the other. */
export class CustomRunner extends ImmediateRunner {
  override readonly isBuffering: boolean;
  readonly #processor: CustomProcessor;
  readonly #context: RunnerContext;
  #isFlushed = false;

  constructor(spec: CustomSpec, context: RunnerContext) {
    super();
    this.#processor = spec.create();
    this.#context = context;
    this.isBuffering =
      this.#processor.flush !== undefined || this.#processor.earliestPendingNs !== undefined;
  }

  override earliestPendingNs(): number {
    // After the flush nothing can leave, whatever the node still says.
    if (this.#isFlushed) return Infinity;
    return this.#processor.earliestPendingNs?.() ?? Infinity;
  }

  run(
    items: readonly FlowData[],
    watermarkNs: number,
    turn: Turn,
  ): MaybePromise<readonly FlowData[]> {
    const out: FlowData[] = [];
    for (let i = 0; i < items.length; i++) {
      const pending = this.#process(items[i]!, out);
      if (pending !== undefined) return this.#finish(items, i, pending, out, watermarkNs, turn);
    }
    return watermarkNs === Infinity ? this.#flush(out) : out;
  }

  async #finish(
    items: readonly FlowData[],
    first: number,
    firstPending: Promise<void>,
    out: FlowData[],
    watermarkNs: number,
    turn: Turn,
  ): Promise<readonly FlowData[]> {
    await firstPending;
    for (let i = first + 1; i < items.length && !turn.isAbandoned; i++) {
      await this.#process(items[i]!, out);
    }
    if (turn.isAbandoned) return out;
    return watermarkNs === Infinity ? this.#flush(out) : out;
  }

  #process(data: FlowData, out: FlowData[]): Promise<void> | undefined {
    const { guard, processContext } = this.#context;
    try {
      const answer = this.#processor.process(data, processContext);
      if (!isPromise(answer)) {
        take(answer, out);
        return undefined;
      }
      return toPromise(answer)
        .then((settled) => take(settled, out))
        .catch((error: unknown) => guard.fail(error, data));
    } catch (error) {
      guard.fail(error, data);
      return undefined;
    }
  }

  async #flush(out: FlowData[]): Promise<readonly FlowData[]> {
    this.#isFlushed = true;
    try {
      take(await this.#processor.flush?.(), out);
    } catch (error) {
      this.#context.guard.fail(error);
    }
    return out;
  }
}

/** Takes all of an answer, or nothing if something in it is wrong. */
function take(answer: Answer, out: FlowData[]): void {
  if (answer === undefined) return;
  if (answer instanceof FlowData) {
    out.push(answer);
    return;
  }
  const items: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  for (const data of items) {
    if (data instanceof FlowData) continue;
    throw new TypeError(
      `a custom node must give FlowData, an array of them, or undefined, got ${typeName(data)}. Use data.with({...}).`,
    );
  }
  for (const data of items as readonly FlowData[]) out.push(data);
}
