import type { FrameJob } from '../decode/decode-job.ts';
import type { MemoryFile } from '../libc/memory-file.ts';

/** The pixels of the slots of an isolated source. Views stay valid for as long as anything holds them. */
export interface SlotPixels {
  /** A view on the first `byteLength` bytes of a slot. */
  viewOf(slot: number, byteLength: number): Uint8Array;
  /** Takes pixels that came in a message. */
  receive(slot: number, pixels: Uint8Array): void;
  /** Gives the memory back; no frame is held any more. */
  forget(): void;
}

/**
 * Slots in memory that the decoder process maps as well. The descriptor is closed: the process has its own.
 *
 * @throws VisualError `VB_NO_MEMORY`.
 */
export function sharedPixels(memory: MemoryFile, { slotCount, slotBytes }: FrameJob): SlotPixels {
  const buffer = memory.reserve(slotCount * slotBytes);
  memory.closeFd();
  return {
    viewOf: (slot, byteLength) => new Uint8Array(buffer, slot * slotBytes, byteLength),
    receive: () => undefined,
    forget: () => memory.forget(),
  };
}

/** Slots whose pixels come in messages, where there is no memory to share. */
export function receivedPixels(): SlotPixels {
  const received = new Map<number, Uint8Array>();
  return {
    viewOf: (slot, byteLength) => received.get(slot)!.subarray(0, byteLength),
    receive: (slot, pixels) => received.set(slot, pixels),
    forget: () => received.clear(),
  };
}
