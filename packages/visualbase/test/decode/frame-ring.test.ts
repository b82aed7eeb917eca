import { beforeEach, describe, expect, it } from 'vitest';
import { allocateRing, RingConsumer, RingProducer } from '../../src/decode/frame-ring.ts';

const SLOT_COUNT = 6;
let nowMs = 0;
let wakeCount = 0;

function ring() {
  const memory = allocateRing(SLOT_COUNT, 64);
  const producer = new RingProducer(
    memory,
    () => (wakeCount += 1),
    () => nowMs,
  );
  return { producer, consumer: new RingConsumer(memory) };
}

function put(producer: RingProducer, frameId: number): void {
  producer.publish(producer.claim()!, frameId * 10, frameId);
}

beforeEach(() => {
  nowMs = 0;
  wakeCount = 0;
});

describe('a frame ring', () => {
  it('hands pictures over in order, whatever slot they are in', () => {
    const { producer, consumer } = ring();
    const seen: number[] = [];
    for (let frameId = 0; frameId < 30; frameId += 2) {
      put(producer, frameId);
      put(producer, frameId + 1);
      const one = consumer.take()!;
      const two = consumer.take()!;
      seen.push(one.frameId, two.frameId);
      consumer.release(two.slot);
      consumer.release(one.slot);
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(consumer.take()).toBeUndefined();
  });

  it('wakes nobody who has not asked for it', () => {
    const { producer } = ring();
    for (let i = 0; i < SLOT_COUNT; i++) put(producer, i);
    expect(wakeCount).toBe(0);
  });

  it('wakes a sleeper for the first picture in a while, and for several that come quickly', () => {
    const { producer, consumer } = ring();
    consumer.requestWake();
    put(producer, 0);
    expect(wakeCount).toBe(1);
    consumer.requestWake();
    for (let i = 1; i <= 3; i++) put(producer, i);
    expect(wakeCount).toBe(1);
    put(producer, 4);
    expect(wakeCount).toBe(2);
  });

  it('wakes a sleeper late where no more pictures follow', () => {
    const { producer, consumer } = ring();
    put(producer, 0);
    consumer.requestWake();
    put(producer, 1);
    producer.tellLate();
    expect(wakeCount).toBe(0);
    nowMs = 5;
    producer.tellLate();
    producer.tellLate();
    expect(wakeCount).toBe(1);
  });

  it('wakes a sleeper before it waits for a slot itself', () => {
    const memory = allocateRing(SLOT_COUNT, 64);
    const consumer = new RingConsumer(memory);
    // What the consumer does when it wakes; without it the producer would wait for ever.
    const wake = (): void => consumer.release(consumer.take()!.slot);
    const producer = new RingProducer(memory, wake, () => nowMs);
    for (let i = 0; i < SLOT_COUNT; i++) put(producer, i);
    consumer.requestWake();
    expect(producer.claim()).toBe(0);
    expect(consumer.take()!.frameId).toBe(1);
  });
});
