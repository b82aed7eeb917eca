import type { Frame } from 'visualbase';
import { isPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { ExecuteOptions } from '../execution-backend.ts';
import type { PipelineResult } from '../pipeline-result.ts';
import { abandonOnAbort } from './abandon-on-abort.ts';
import type { GraphExecutor } from './graph-executor.ts';
import type { OpenedInput } from './input/open-input.ts';
import type { SimpleSettings } from './simple-settings.ts';
import { TriggerLedger } from './trigger-ledger.ts';
import type { Turn } from './turn.ts';
import type { TurnGroup } from './turn-group.ts';

/** A synchronous run gives the event loop a turn at least this often. */
const YIELD_EVERY_MS = 4;

/** What a {@link SimpleRun} is made of. */
export interface SimpleRunInit {
  readonly executor: GraphExecutor;
  readonly opened: OpenedInput;
  readonly ledger: TriggerLedger;
  readonly settings: SimpleSettings;
  readonly options: ExecuteOptions;
  readonly warnings: readonly string[];
  /** Called with the first frame before it is processed. */
  readonly onFirstFrame: (frame: Frame) => Promise<void>;
}

interface FrameOfSource {
  readonly frame: Frame;
  readonly sourceIndex: number;
}

/** One graph over one stream of frames: reads, groups, runs and delivers. */
export class SimpleRun {
  readonly #init: SimpleRunInit;
  readonly #isHolding: boolean;
  readonly #inFlight: { readonly group: TurnGroup; readonly done: Promise<void> | undefined }[] = [];
  #readCount = 0;
  #processedCount = 0;
  #deliveredCount = 0;
  #sourceWaitMs = 0;
  #callbackMs = 0;
  #startedMs = 0;
  #yieldedMs = 0;
  #isStoppedEarly = false;
  #isStopping = false;
  #isEnded = false;
  #sourceFailure: { readonly error: unknown } | undefined;
  #wakeProducer: (() => void) | undefined;
  #wakeConsumer: (() => void) | undefined;

  constructor(init: SimpleRunInit) {
    this.#init = init;
    const { batchSize, maxInFlight } = init.settings;
    this.#isHolding = batchSize > 1 || maxInFlight > 1;
  }

  /** Runs to the end of the frames. Modules are to be started before and cleaned up after. */
  async run(): Promise<PipelineResult> {
    this.#startedMs = performance.now();
    const first = await this.#nextFrame();
    if (first !== undefined) {
      if (this.#isHolding) this.#init.opened.holds.hold(first.frame);
      await this.#guard(this.#init.onFirstFrame(first.frame));
      this.#startedMs = performance.now() - this.#sourceWaitMs;
      this.#yieldedMs = performance.now();
      if (this.#init.settings.maxInFlight > 1) await this.#runPipelined(first);
      else await this.#runInTurn(first);
    }
    if (!this.#isStoppedEarly) await this.#flush();
    return this.#result();
  }

  /** Waits for what is still being worked on, so that nothing is cleaned up while in use. */
  async drain(): Promise<void> {
    this.#isStopping = true;
    this.#wakeProducer?.();
    for (const { group, done } of this.#inFlight.splice(0)) {
      try {
        if (done !== undefined) await this.#guard(done);
      } catch {
        // Left alone after an abort.
      }
      this.#settle(group);
    }
    this.#init.executor.releaseFrames();
  }

  async #runInTurn(first: FrameOfSource): Promise<void> {
    const { executor, options } = this.#init;
    let next: MaybePromise<TurnGroup | undefined> = this.#nextGroup(first);
    for (;;) {
      const group: TurnGroup | undefined = isPromise(next) ? await next : next;
      if (group === undefined) return;
      options.signal?.throwIfAborted();
      this.#inFlight.push({ group, done: undefined });
      const pending = executor.run(group);
      if (pending !== undefined) await this.#guard(pending);
      const delivered = this.#deliver(group);
      const goesOn = isPromise(delivered) ? await this.#guard(delivered) : delivered;
      this.#inFlight.pop();
      this.#settle(group);
      if (!goesOn) return;
      if (performance.now() - this.#yieldedMs > YIELD_EVERY_MS) await this.#yield();
      next = this.#nextGroup();
    }
  }

  /** One loop reads and starts groups, the other delivers them in order. */
  async #runPipelined(first: FrameOfSource): Promise<void> {
    const producing = this.#produce(first).catch((error: unknown) => {
      this.#sourceFailure = { error };
      this.#isEnded = true;
      this.#wakeConsumer?.();
    });
    await this.#consume();
    // When the run stops early the source may never answer; closing it is the caller's.
    if (!this.#isStoppedEarly) await producing;
    if (this.#sourceFailure !== undefined) throw this.#sourceFailure.error;
  }

  async #produce(first: FrameOfSource): Promise<void> {
    const { executor, settings, options } = this.#init;
    let group = await this.#nextGroup(first);
    while (group !== undefined && !this.#isStopping) {
      options.signal?.throwIfAborted();
      this.#inFlight.push({ group, done: executor.run(group) });
      this.#wakeConsumer?.();
      if (performance.now() - this.#yieldedMs > YIELD_EVERY_MS) await this.#yield();
      while (this.#inFlight.length >= settings.maxInFlight && !this.#isStopping) {
        await new Promise<void>((resolve) => (this.#wakeProducer = resolve));
      }
      if (this.#isStopping) return;
      group = await this.#nextGroup();
    }
    this.#isEnded = true;
    this.#wakeConsumer?.();
  }

  async #consume(): Promise<void> {
    for (;;) {
      const head = this.#inFlight[0];
      if (head === undefined) {
        if (this.#isEnded) return;
        await new Promise<void>((resolve) => (this.#wakeConsumer = resolve));
        continue;
      }
      if (head.done !== undefined) await this.#guard(head.done);
      const delivered = this.#deliver(head.group);
      const goesOn = isPromise(delivered) ? await this.#guard(delivered) : delivered;
      this.#inFlight.shift();
      this.#settle(head.group);
      this.#wakeProducer?.();
      if (!goesOn) return;
    }
  }

  async #flush(): Promise<void> {
    const { executor, options } = this.#init;
    options.signal?.throwIfAborted();
    const group = executor.makeFlush(options.onObservation !== undefined);
    this.#inFlight.push({ group, done: undefined });
    const pending = executor.run(group);
    if (pending !== undefined) await this.#guard(pending);
    await this.#guard(Promise.resolve(this.#deliver(group)));
    this.#inFlight.pop();
    this.#settle(group);
  }

  #nextFrame(): MaybePromise<FrameOfSource | undefined> {
    const { input, sourceIndexOfLast } = this.#init.opened;
    const askedMs = performance.now();
    const took = (frame: Frame | undefined): FrameOfSource | undefined => {
      this.#sourceWaitMs += performance.now() - askedMs;
      if (frame === undefined) return undefined;
      this.#readCount += 1;
      return { frame, sourceIndex: sourceIndexOfLast() };
    };
    const next = input.next();
    return isPromise(next) ? next.then(took) : took(next);
  }

  /** The next frames, as many as a batch has or there still are. */
  #nextGroup(first?: FrameOfSource): MaybePromise<TurnGroup | undefined> {
    const { executor, settings, options } = this.#init;
    const isRecorded = options.onObservation !== undefined;
    if (this.#isHolding) return this.#collectGroup(first, settings.batchSize, isRecorded);
    if (first !== undefined) return executor.makeGroup([first], isRecorded);
    const next = this.#nextFrame();
    if (isPromise(next)) {
      return next.then((one) => one && executor.makeGroup([one], isRecorded));
    }
    return next && executor.makeGroup([next], isRecorded);
  }

  async #collectGroup(
    first: FrameOfSource | undefined,
    size: number,
    isRecorded: boolean,
  ): Promise<TurnGroup | undefined> {
    const frames: FrameOfSource[] = first === undefined ? [] : [first];
    while (frames.length < size && this.#sourceFailure === undefined) {
      let next: FrameOfSource | undefined;
      try {
        next = await this.#nextFrame();
      } catch (error) {
        // What came before is processed first, as it would have been frame by frame.
        if (frames.length === 0) throw error;
        this.#sourceFailure = { error };
        break;
      }
      if (next === undefined || this.#isStopping) break;
      this.#init.opened.holds.hold(next.frame);
      frames.push(next);
    }
    if (frames.length > 0) return this.#init.executor.makeGroup(frames, isRecorded);
    if (this.#sourceFailure !== undefined) throw this.#sourceFailure.error;
    return undefined;
  }

  /** Hands the results of a group over, frame by frame. Gives false to end the run. */
  #deliver(group: TurnGroup): MaybePromise<boolean> {
    const { turns, limit } = group;
    for (let t = 0; t < limit; t++) {
      const goesOn = this.#deliverTurn(turns[t]!);
      if (isPromise(goesOn)) return this.#deliverRest(group, t, goesOn);
      if (!goesOn) return false;
    }
    if (group.failure !== undefined) throw group.failure.error;
    return true;
  }

  async #deliverRest(
    group: TurnGroup,
    t: number,
    firstPending: Promise<boolean>,
  ): Promise<boolean> {
    if (!(await firstPending)) return false;
    for (let next = t + 1; next < group.limit; next++) {
      this.#init.options.signal?.throwIfAborted();
      if (!(await this.#deliverTurn(group.turns[next]!))) return false;
    }
    if (group.failure !== undefined) throw group.failure.error;
    return true;
  }

  /** Observations first, then triggers, then the frame. */
  #deliverTurn(turn: Turn): MaybePromise<boolean> {
    if (turn.frame !== undefined) this.#processedCount += 1;
    const { onObservation } = this.#init.options;
    const startedMs = performance.now();
    if (onObservation !== undefined && turn.observations!.length > 0) {
      return this.#deliverObservations(turn, startedMs);
    }
    return this.#deliverResults(turn, startedMs);
  }

  async #deliverObservations(turn: Turn, startedMs: number): Promise<boolean> {
    for (const observation of turn.observations!) {
      const answer = this.#init.options.onObservation!(observation);
      if (isPromise(answer)) await answer;
    }
    return this.#deliverResults(turn, startedMs);
  }

  #deliverResults(turn: Turn, startedMs: number): MaybePromise<boolean> {
    const fired = this.#init.ledger.fire(turn.results);
    if (isPromise(fired)) return fired.then(() => this.#deliverFrame(turn, startedMs));
    return this.#deliverFrame(turn, startedMs);
  }

  #deliverFrame({ frame, results }: Turn, startedMs: number): MaybePromise<boolean> {
    const { onFrame, onFlush } = this.#init.options;
    if (frame !== undefined) this.#deliveredCount += 1;
    const took = (answer: unknown): boolean => {
      this.#callbackMs += performance.now() - startedMs;
      if (answer !== false || frame === undefined) return true;
      this.#isStoppedEarly = true;
      this.#isStopping = true;
      return false;
    };
    let answer: MaybePromise<unknown>;
    if (frame !== undefined) answer = onFrame?.(frame, results);
    else if (results.length > 0) answer = onFlush?.(results);
    return isPromise(answer) ? answer.then(took) : took(answer);
  }

  /** The results have been delivered: frames go back. */
  #settle({ turns }: TurnGroup): void {
    const { executor, opened } = this.#init;
    for (const turn of turns) {
      executor.settle(turn);
      if (this.#isHolding && turn.frame !== undefined) opened.holds.release(turn.frame);
    }
  }

  #guard<T>(pending: Promise<T>): Promise<T> {
    const { options, settings } = this.#init;
    return abandonOnAbort(pending, options.signal, settings.abortGraceMs);
  }

  async #yield(): Promise<void> {
    await new Promise(setImmediate);
    this.#yieldedMs = performance.now();
  }

  #result(): PipelineResult {
    const { executor, opened, ledger, warnings } = this.#init;
    const wallMs = performance.now() - this.#startedMs;
    return {
      triggers: ledger.triggers,
      frameCount: this.#deliveredCount,
      stats: {
        backend: 'simple',
        readCount: this.#readCount,
        processedCount: this.#processedCount,
        dropped: opened.dropped(),
        modules: executor.moduleStats(),
        nodes: executor.nodeStats(),
        duplicateTriggerCount: ledger.duplicateCount,
        wallMs,
        fps: wallMs > 0 ? (this.#processedCount * 1000) / wallMs : 0,
        sourceWaitMs: this.#sourceWaitMs,
        callbackMs: this.#callbackMs,
        isStoppedEarly: this.#isStoppedEarly,
        warnings,
      },
    };
  }
}
