import { Frame } from 'node-av/lib';
import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV444P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_RANGE_UNSPECIFIED,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
  type AVColorRange,
  type AVColorSpace,
  type AVPixelFormat,
} from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import { RgbScaler } from '../../src/av/rgb-scaler.ts';
import { roomBytesFor } from '../../src/decode/picture-room.ts';

const WIDTH = 32;
const HEIGHT = 16;
const YUV = [90, 110, 170] as const;

interface Look {
  readonly space: AVColorSpace;
  readonly range: AVColorRange;
  readonly format?: AVPixelFormat;
}

/** A picture of one colour. */
function plain({ space, range, format = AV_PIX_FMT_YUV420P }: Look): Frame {
  const chroma = (WIDTH * HEIGHT) / (format === AV_PIX_FMT_YUV420P ? 4 : 1);
  const frame = new Frame();
  frame.alloc();
  frame.width = WIDTH;
  frame.height = HEIGHT;
  frame.format = format;
  frame.getBuffer();
  frame.fromBuffer(
    Buffer.concat([
      Buffer.alloc(WIDTH * HEIGHT, YUV[0]),
      Buffer.alloc(chroma, YUV[1]),
      Buffer.alloc(chroma, YUV[2]),
    ]),
  );
  frame.colorSpace = space;
  frame.colorRange = range;
  return frame;
}

/** What the standards say: ITU-R BT.601 and BT.709, by their luma weights of red and blue. */
function expectedRgb(kr: number, kb: number, isFull: boolean): readonly number[] {
  const y = isFull ? YUV[0] : ((YUV[0] - 16) * 255) / 219;
  const scale = isFull ? 1 : 255 / 224;
  const [cb, cr] = [(YUV[1] - 128) * scale, (YUV[2] - 128) * scale];
  const red = y + 2 * (1 - kr) * cr;
  const blue = y + 2 * (1 - kb) * cb;
  return [red, (y - kr * red - kb * blue) / (1 - kr - kb), blue];
}

const BT601 = [0.299, 0.114] as const;
const BT709 = [0.2126, 0.0722] as const;

function convert(scaler: RgbScaler, look: Look): Buffer {
  const frame = plain(look);
  const target = Buffer.alloc(roomBytesFor(scaler.width, scaler.height), 7);
  scaler.convert(frame, target);
  frame.free();
  return target.subarray(0, scaler.width * scaler.height * 3);
}

const LOOKS = [
  ['BT.601', AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, expectedRgb(...BT601, false)],
  ['BT.709', AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, expectedRgb(...BT709, false)],
  ['BT.709 of full range', AVCOL_SPC_BT709, AVCOL_RANGE_JPEG, expectedRgb(...BT709, true)],
  ['nothing', AVCOL_SPC_UNSPECIFIED, AVCOL_RANGE_UNSPECIFIED, expectedRgb(...BT601, false)],
] as const;

describe('RgbScaler', () => {
  it.each(LOOKS)(
    'converts by the matrix that the picture names: %s',
    (_name, space, range, rgb) => {
      for (const [width, height] of [
        [WIDTH, HEIGHT],
        [16, 8],
        [17, 9],
        [64, 32],
      ] as const) {
        for (const format of [AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV444P]) {
          const scaler = new RgbScaler(width, height);
          const pixels = convert(scaler, { space, range, format });
          scaler.free();
          for (const [i, value] of pixels.entries()) {
            expect(Math.abs(value - rgb[i % 3]!)).toBeLessThanOrEqual(2.5);
          }
        }
      }
    },
  );

  it('follows a change in the middle of the stream', () => {
    const scaler = new RgbScaler(WIDTH, HEIGHT);
    const limited = { space: AVCOL_SPC_SMPTE170M, range: AVCOL_RANGE_MPEG };
    const before = convert(scaler, limited);
    const other = convert(scaler, { space: AVCOL_SPC_BT709, range: AVCOL_RANGE_JPEG });
    const after = convert(scaler, limited);
    scaler.free();
    expect(Buffer.compare(after, before)).toBe(0);
    expect(Buffer.compare(other, before)).not.toBe(0);
  });
});
