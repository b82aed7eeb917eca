import type { Frame } from 'visualbase';
import type { Dependency } from './dependency.ts';
import { Module } from './module.ts';
import type { ObservationInit, Signals } from './observation.ts';

/** Options of {@link DummyAnalyzer}. */
export interface DummyAnalyzerOptions {
  /** Default `dummy.analyzer`. */
  readonly name?: string;
  readonly depends?: readonly Dependency[];
  /** Signals of a frame. Default: `{ frame_id }`. */
  readonly signals?: (frame: Frame) => Signals;
}

/** A module that looks at nothing: for trying out graphs, callbacks and backends. */
export class DummyAnalyzer extends Module<undefined> {
  readonly name: string;
  override readonly depends: readonly Dependency[];
  readonly #signals: (frame: Frame) => Signals;

  constructor(options: DummyAnalyzerOptions = {}) {
    super();
    this.name = options.name ?? 'dummy.analyzer';
    this.depends = options.depends ?? [];
    this.#signals = options.signals ?? ((frame) => ({ frame_id: frame.frameId }));
  }

  process(frame: Frame): ObservationInit<undefined> {
    return { signals: this.#signals(frame) };
  }
}
