export { asyncFrames, syntheticFrames, type SyntheticFramesOptions } from './synthetic-frames.ts';
