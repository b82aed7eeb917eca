import { VisualError } from 'visualbase';
import type { FlowData } from '../../core/flow-data.ts';
import { isPromise, letGo } from '../../core/maybe-promise.ts';
import type { FlowNode } from '../../flow/specs.ts';
import type { NodeErrorPolicy } from '../execution-backend.ts';
import { describeFrame } from './describe-frame.ts';
import type { NodeCounters } from './node-counters.ts';

/** Decides what becomes of an error that a node's own code has thrown. */
export class NodeGuard {
  readonly #node: FlowNode;
  readonly #counters: NodeCounters;
  readonly #policy: NodeErrorPolicy;
  readonly #onError: ((error: VisualError, data?: FlowData) => void) | undefined;

  constructor(
    node: FlowNode,
    counters: NodeCounters,
    policy: NodeErrorPolicy,
    onError?: (error: VisualError, data?: FlowData) => void,
  ) {
    this.#node = node;
    this.#counters = counters;
    this.#policy = policy;
    this.#onError = onError;
  }

  /**
   * Counts the error; throws it as `VP_NODE_FAILED` unless the run drops such items.
   *
   * @param data - The item; undefined if it happened while flushing.
   */
  fail(cause: unknown, data?: FlowData): void {
    const { name, spec } = this.#node;
    this.#counters.errorCount += 1;
    const message = cause instanceof Error ? cause.message : String(cause);
    const error = new VisualError(
      'VP_NODE_FAILED',
      `The code of node "${name}" (${spec.kind}) failed ${data === undefined ? 'at the end of the stream' : `on ${describeFrame(data.frame)}`}: ${message}`,
      {
        cause,
        details: {
          node: name,
          kind: spec.kind,
          ...(data && { frameId: data.frame.frameId, tNs: data.tNs }),
        },
      },
    );
    this.#onError?.(error, data);
    const choice = typeof this.#policy === 'function' ? this.#policy(error, data) : this.#policy;
    if (choice !== 'drop') throw error;
  }

  /** Asks a condition. Undefined if it threw and the item is dropped. */
  ask(condition: (data: FlowData) => boolean, data: FlowData): boolean | undefined {
    try {
      const answer: unknown = condition(data);
      if (answer === true || answer === false) return answer;
      if (isPromise(answer)) {
        letGo(answer);
        throw new TypeError(
          'a condition must answer at once, it returned a promise. Do asynchronous work in a module or a custom node.',
        );
      }
      return Boolean(answer);
    } catch (error) {
      this.fail(error, data);
      return undefined;
    }
  }
}
