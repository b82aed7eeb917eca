import type { Frame } from 'visualbase';
import { isPromise, toPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { ExecuteOptions } from '../execution-backend.ts';
import type { PipelineResult } from '../pipeline-result.ts';
import type { RunTracer } from '../../observability/run-tracer.ts';
import { abandonOnAbort } from './abandon-on-abort.ts';
import type { GraphExecutor } from './graph-executor.ts';
import type { OpenedInput } from './input/open-input.ts';
import type { SimpleSettings } from './simple-settings.ts';
import { type TriggerLedger } from './trigger-ledger.ts';
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
  readonly tracer: RunTracer | undefined;
  /** Called with the first frame before it is processed. */
  readonly onFirstFrame: (frame: Frame) => Promise<void>;
}

/** One graph over one stream of frames: reads, groups, runs and delivers. */
export class SimpleRun {
  readonly #init: SimpleRunInit;
  readonly #isHolding: boolean;
  readonly #isRecorded: boolean;
  readonly #inFlight: { readonly group: TurnGroup; readonly done: Promise<void> | undefined }[] =
    [];
  /** The group that is run while no others are in flight. */
  #current: TurnGroup | undefined;
  #processedCount = 0;
  #deliveredCount = 0;
  #sourceWaitMs = 0;
  #callbackMs = 0;
  #startedMs = 0;
  #askedMs = 0;
  #yieldedMs = 0;
  #isStoppedEarly = false;
  #isStopping = false;
  /** Nothing is called back any more, also not by what was left alone after an abort. */
  #isClosed = false;
  #isEnded = false;
  #producing: Promise<void> | undefined;
  #sourceFailure: { readonly error: unknown } | undefined;
  #wakeProducer: (() => void) | undefined;
  #wakeConsumer: (() => void) | undefined;

  constructor(init: SimpleRunInit) {
    this.#init = init;
    const { batchSize, maxInFlight } = init.settings;
    this.#isHolding = batchSize > 1 || maxInFlight > 1;
    this.#isRecorded = init.options.onObservation !== undefined;
  }

  /** Runs to the end of the frames. Modules are to be started before and cleaned up after. */
  async run(): Promise<PipelineResult> {
    this.#startedMs = performance.now();
    const first = await this.#nextTurn();
    if (first !== undefined) {
      if (this.#isHolding) this.#init.opened.holds.hold(first.frame!);
      await this.#guard(this.#init.onFirstFrame(first.frame!));
      this.#startedMs = performance.now() - this.#sourceWaitMs;
      this.#yieldedMs = performance.now();
      if (this.#init.settings.maxInFlight > 1) await this.#runPipelined(first);
      else await this.#runInTurn(first);
    }
    if (!this.#isStoppedEarly) await this.#flush();
    this.#init.executor.throwHookFailure();
    return this.#result();
  }

  /**
   * Ends everything: waits for what is still being worked on, so that nothing is cleaned up while in
   * use, closes the source and gives all frames back.
   *
   * @returns What closing the source threw.
   */
  async close(): Promise<readonly unknown[]> {
    this.#isStopping = true;
    this.#isClosed = true;
    this.#wakeProducer?.();
    this.#current?.abandon();
    for (const { group } of this.#inFlight) group.abandon();
    for (const { group, done } of this.#inFlight.splice(0)) {
      try {
        if (done !== undefined) await this.#guard(done);
      } catch {
        // Left alone after an abort.
      }
      this.#settle(group);
    }
    if (this.#current !== undefined) this.#settle(this.#current);
    const errors: unknown[] = [];
    try {
      await this.#guard(this.#init.opened.input.close());
    } catch (error) {
      errors.push(error);
    }
    await this.#producing;
    this.#init.executor.releaseFrames();
    this.#init.opened.holds.releaseAll();
    return errors;
  }

  async #runInTurn(first: Turn): Promise<void> {
    const { executor, options } = this.#init;
    let next: MaybePromise<TurnGroup | undefined> = this.#nextGroup(first);
    for (;;) {
      const group: TurnGroup | undefined = isPromise(next) ? await next : next;
      if (group === undefined) return;
      options.signal?.throwIfAborted();
      if (this.#askedMs - this.#yieldedMs > YIELD_EVERY_MS) await this.#yield();
      this.#current = group;
      const pending = executor.run(group);
      if (pending !== undefined) await this.#guard(pending);
      const delivered = this.#deliver(group);
      const goesOn = isPromise(delivered) ? await this.#guard(delivered) : delivered;
      this.#current = undefined;
      this.#settle(group);
      if (!goesOn) return;
      next = this.#nextGroup();
    }
  }

  /** One loop reads and starts groups, the other delivers them in order. */
  async #runPipelined(first: Turn): Promise<void> {
    this.#producing = this.#produce(first).catch((error: unknown) => {
      this.#sourceFailure = { error };
      this.#isEnded = true;
      this.#wakeConsumer?.();
    });
    await this.#consume();
    if (this.#isStoppedEarly) return;
    await this.#producing;
    if (this.#sourceFailure !== undefined) throw this.#sourceFailure.error;
  }

  async #produce(first: Turn): Promise<void> {
    const { executor, settings, options } = this.#init;
    let next: Turn | undefined = first;
    while (!this.#hasStopped()) {
      const group = await this.#nextGroup(next);
      next = undefined;
      if (group === undefined) break;
      if (this.#hasStopped()) {
        this.#settle(group);
        return;
      }
      options.signal?.throwIfAborted();
      this.#inFlight.push({ group, done: executor.run(group) });
      this.#wakeConsumer?.();
      if (performance.now() - this.#yieldedMs > YIELD_EVERY_MS) await this.#yield();
      while (this.#inFlight.length >= settings.maxInFlight && !this.#hasStopped()) {
        await new Promise<void>((resolve) => (this.#wakeProducer = resolve));
      }
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
      this.#init.options.signal?.throwIfAborted();
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
    const group = executor.makeFlush(this.#isRecorded);
    this.#current = group;
    const pending = executor.run(group);
    if (pending !== undefined) await this.#guard(pending);
    options.signal?.throwIfAborted();
    await this.#guard(Promise.resolve(this.#deliver(group)));
    options.signal?.throwIfAborted();
    this.#current = undefined;
    this.#settle(group);
  }

  #nextTurn(): MaybePromise<Turn | undefined> {
    this.#askedMs = performance.now();
    const next = this.#init.opened.input.next();
    return isPromise(next) ? next.then((frame) => this.#takeFrame(frame)) : this.#takeFrame(next);
  }

  #takeFrame(frame: Frame | undefined): Turn | undefined {
    this.#sourceWaitMs += performance.now() - this.#askedMs;
    if (frame === undefined) return undefined;
    const { executor, opened, tracer } = this.#init;
    const turn = executor.makeTurn(frame, opened.sourceIndexOfLast(), this.#isRecorded);
    if (tracer !== undefined) turn.arrivedMs = performance.now();
    return turn;
  }

  /** The next frames, as many as a batch has or there still are. */
  #nextGroup(first?: Turn): MaybePromise<TurnGroup | undefined> {
    const { executor, settings } = this.#init;
    if (this.#isHolding) return this.#collectGroup(first, settings.batchSize);
    if (first !== undefined) return executor.makeGroup([first]);
    const next = this.#nextTurn();
    if (isPromise(next)) return next.then((turn) => turn && executor.makeGroup([turn]));
    return next && executor.makeGroup([next]);
  }

  async #collectGroup(first: Turn | undefined, size: number): Promise<TurnGroup | undefined> {
    const turns: Turn[] = first === undefined ? [] : [first];
    while (turns.length < size && this.#sourceFailure === undefined) {
      let next: Turn | undefined;
      try {
        next = await this.#nextTurn();
      } catch (error) {
        // What came before is processed first, as it would have been frame by frame.
        if (turns.length === 0) throw error;
        this.#sourceFailure = { error };
        break;
      }
      if (next === undefined || this.#hasStopped()) break;
      this.#init.opened.holds.hold(next.frame!);
      turns.push(next);
    }
    if (turns.length > 0) return this.#init.executor.makeGroup(turns);
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
    const { frame, results, observations } = turn;
    if (frame !== undefined) this.#processedCount += 1;
    const hasObservations = observations !== undefined && observations.length > 0;
    const hasTriggers = this.#init.ledger.isConcerned(results);
    if (hasObservations || hasTriggers) {
      return this.#deliverAll(turn, hasTriggers);
    }
    return this.#deliverFrame(turn);
  }

  async #deliverAll(turn: Turn, hasTriggers: boolean): Promise<boolean> {
    const { ledger, options } = this.#init;
    const startedMs = performance.now();
    for (const observation of turn.observations ?? []) {
      if (this.#isClosed) return false;
      const answer = options.onObservation!(observation);
      if (isPromise(answer)) await answer;
    }
    if (hasTriggers) await ledger.fire(turn.results, () => this.#isClosed);
    this.#callbackMs += performance.now() - startedMs;
    return this.#deliverFrame(turn);
  }

  #deliverFrame(turn: Turn): MaybePromise<boolean> {
    const { frame, results } = turn;
    const { onFrame, onFlush } = this.#init.options;
    if (this.#isClosed) return false;
    if (frame === undefined) {
      const answer = results.length > 0 ? onFlush?.(results) : undefined;
      return isPromise(answer) ? toPromise(answer).then(() => true) : true;
    }
    this.#deliveredCount += 1;
    if (onFrame === undefined) return this.#delivered(turn, undefined);
    const startedMs = performance.now();
    const answer = onFrame(frame, results);
    const took = (settled: boolean | undefined | void): boolean => {
      this.#callbackMs += performance.now() - startedMs;
      return this.#delivered(turn, settled);
    };
    return isPromise(answer) ? toPromise(answer).then(took) : took(answer);
  }

  #delivered({ frame, results, arrivedMs }: Turn, answer: boolean | undefined | void): boolean {
    const { tracer } = this.#init;
    if (tracer?.isNormal === true) {
      tracer.frame(frame!, performance.now() - arrivedMs, results.length);
    }
    if (answer !== false) return true;
    this.#isStoppedEarly = true;
    this.#isStopping = true;
    return false;
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

  /** Asked anew each time: it changes while a loop waits. */
  #hasStopped(): boolean {
    return this.#isStopping;
  }

  async #yield(): Promise<void> {
    await new Promise(setImmediate);
    this.#yieldedMs = performance.now();
  }

  /** What the run has come to so far, for its last record. */
  figures(): { durationMs: number; frameCount: number; triggerCount: number } {
    return {
      durationMs: performance.now() - this.#startedMs,
      frameCount: this.#deliveredCount,
      triggerCount: this.#init.ledger.count,
    };
  }

  /** What a queue dropped, and what had been read already when the run was stopped. */
  #dropped(readCount: number): Readonly<Record<string, number>> {
    const { opened, tracer } = this.#init;
    const dropped = opened.dropped();
    const droppedCount = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    const stopped = readCount - droppedCount - this.#processedCount;
    if (stopped === 0) return dropped;
    tracer?.drop('stopped', undefined, stopped);
    return { ...dropped, stopped };
  }

  #result(): PipelineResult {
    const { executor, opened, ledger, warnings } = this.#init;
    const readCount = opened.readCount();
    const wallMs = performance.now() - this.#startedMs;
    return {
      triggers: ledger.triggers,
      frameCount: this.#deliveredCount,
      stats: {
        backend: 'simple',
        readCount,
        processedCount: this.#processedCount,
        dropped: this.#dropped(readCount),
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
