import { AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M, type AVColorSpace } from 'node-av/constants';

/** What players assume: BT.601 for small pictures, BT.709 from 720 rows on. */
export const usualColorSpace = (height: number): AVColorSpace =>
  height < 720 ? AVCOL_SPC_SMPTE170M : AVCOL_SPC_BT709;
