import {
  BoxTracker,
  ModelModule,
  NS_PER_SEC,
  PALM_DETECTION,
  SsdDetector,
  type Frame,
  type Hand,
  type HandGestureData,
  type InferenceEngine,
  type Mark,
  type ModuleCapabilities,
  type Observation,
  type ObservationInit,
  type PortSchema,
  type ProcessContext,
} from 'vpx-sdk';
import { completeOptions, type HandGestureOptions } from './hand-gesture-options.ts';
import { HandMemory } from './hand-memory.ts';
import { areaPx, HAND_SIGNALS, signalsOf } from './hand-signals.ts';
import { marksOfHand } from './hand-marks.ts';
import type { FollowedHand, Follower } from './hand/followed-hand.ts';
import { HandFollower, WEAK_PALM_SCORE } from './hand/hand-follower.ts';
import { HandLandmarkModel } from './hand/hand-landmark-model.ts';
import { boundsOfLandmarks } from './hand/hand-region.ts';
import { MediaPipeFollower } from './hand/mediapipe-follower.ts';

/** A hand that was not seen for longer than this is another when it comes back. */
const MAX_GAP_SEC = 1;
/** Detector and landmarks, or two hands, at a time. */
const LANE_COUNT = 2;
/** Another hand becomes the main one when it counts this many times as much. */
const MAIN_LEAD = 1.5;

/** The module `hand.gesture`: hands with landmarks, handedness, track ids and gestures. */
export class HandGestureAnalyzer extends ModelModule<Follower, HandGestureData> {
  readonly name = 'hand.gesture';
  override readonly stateful = true;
  override readonly capabilities: ModuleCapabilities = { flags: ['STATEFUL', 'DETERMINISTIC'] };
  override readonly portSchema: PortSchema = { inputs: {}, outputs: HAND_SIGNALS };
  readonly #options: ReturnType<typeof completeOptions>;
  readonly #tracker = new BoxTracker({ maxGapSec: MAX_GAP_SEC });
  readonly #memories = new Map<number, HandMemory>();
  #mainId: number | undefined;

  /** @throws RangeError naming the option that is wrong. */
  constructor(options: HandGestureOptions = {}) {
    super({ laneCount: LANE_COUNT, ...options.engine });
    this.#options = completeOptions(options);
  }

  protected override async load(engine: InferenceEngine): Promise<Follower> {
    const { maxHands, model, detectEverySec, minConfidence, likeMediaPipe } = this.#options;
    const landmarks = await HandLandmarkModel.load(engine, model);
    const palms = await SsdDetector.load(engine, PALM_DETECTION, {
      scoreThreshold: likeMediaPipe ? minConfidence : WEAK_PALM_SCORE,
      isDistinct: !likeMediaPipe,
    });
    if (likeMediaPipe) return new MediaPipeFollower(palms, landmarks, { maxHands, minConfidence });
    return new HandFollower(palms, landmarks, {
      maxHands,
      minPresence: minConfidence,
      detectEveryNs: detectEverySec * NS_PER_SEC,
    });
  }

  async process(
    frame: Frame,
    _deps: unknown,
    { signal }: ProcessContext,
  ): Promise<ObservationInit<HandGestureData>> {
    const hands = this.#toHands(await this.models.find(frame, signal), frame);
    return {
      signals: signalsOf(hands, frame),
      data: { hands, widthPx: frame.width, heightPx: frame.height },
    };
  }

  override reset(): void {
    this.#tracker.reset();
    this.loadedModels?.reset();
    this.#memories.clear();
    this.#mainId = undefined;
  }

  override annotate({ data }: Observation<HandGestureData>): readonly Mark[] {
    return data?.hands.flatMap(marksOfHand) ?? [];
  }

  #toHands(found: readonly FollowedHand[], frame: Frame): readonly Hand[] {
    const tNs = frame.tSrcNs;
    const ids = this.#tracker.update(
      found.map(({ reading }) => boundsOfLandmarks(reading.landmarks.points)),
      tNs,
      {
        knownIds: found.map(({ trackId }) => trackId),
        canBe: (i, id) => this.#memories.get(id)?.canBe(found[i]!.reading) ?? true,
      },
    );
    const hands = found.map((hand, i) => {
      const trackId = ids[i]!;
      hand.trackId = trackId;
      return this.#memoryOf(trackId).update(hand.reading, trackId, frame);
    });
    for (const [trackId, { lastNs }] of this.#memories) {
      if (tNs - lastNs > MAX_GAP_SEC * NS_PER_SEC) this.#memories.delete(trackId);
    }
    return this.#mainFirst(hands);
  }

  #memoryOf(trackId: number): HandMemory {
    const known = this.#memories.get(trackId);
    if (known !== undefined) return known;
    const { smooth, isMirrored, minGestureScore, gestureHoldSec } = this.#options;
    const gestureHoldNs = gestureHoldSec * NS_PER_SEC;
    const memory = new HandMemory({ smooth, isMirrored, minGestureScore, gestureHoldNs });
    this.#memories.set(trackId, memory);
    return memory;
  }

  /** Largest and most certain first; the main hand stays it until another clearly leads. */
  #mainFirst(hands: readonly Hand[]): readonly Hand[] {
    const weight = (hand: Hand): number =>
      areaPx(hand) * hand.confidence * (hand.trackId === this.#mainId ? MAIN_LEAD : 1);
    const sorted = hands.toSorted((a, b) => weight(b) - weight(a));
    this.#mainId = sorted[0]?.trackId ?? this.#mainId;
    return sorted;
  }
}
