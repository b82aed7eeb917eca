export {
  makeVideo,
  type MadeVideo,
  type MakeAudioOptions,
  type MakeVideoOptions,
} from './make-video.ts';
export { fuzzMedia, isBug, type FuzzMediaOptions, type FuzzResult } from './fuzz/fuzz-media.ts';
export { fuzzTable } from './fuzz/fuzz-table.ts';
export type { Outcome, PlanResult } from './fuzz/run-plan.ts';
export { readFrameIndex } from './frame-code.ts';
export { listBeeps, listPackets, listPictures, type FoundPicture } from './read-video.ts';
export { BEEP_INTERVAL_SEC, BEEP_PITCH_COUNT, type Beep } from './beeps.ts';
export type { VideoPattern } from './picture-painter.ts';
export type { PacketInfo } from '../av/list-packets.ts';
export type { TestAudioCodec } from '../av/test-audio-track.ts';
export type { TestPixelFormat, TestVideoCodec } from '../av/write-test-video.ts';
export { spareMemory, type GiveSpareMemoryBack } from '../libc/spare-memory.ts';
