export {
  makeVideo,
  type MadeVideo,
  type MakeAudioOptions,
  type MakeVideoOptions,
} from './make-video.ts';
export { readFrameIndex } from './frame-code.ts';
