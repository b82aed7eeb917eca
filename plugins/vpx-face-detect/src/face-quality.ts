import { warpTensor, type FaceQuality, type HeadPose, type PixelBox, type RgbImage } from 'vpx-sdk';

/** Faces are compared at this size, px; larger ones are scaled down, smaller ones up. */
const SIZE = 96;
// Energy of the Laplacian over the variance of the brightness: how much of what a face shows is fine
// detail, whatever its contrast. Medians over 45 faces of photographs: 0.12 as they are; blurred by a
// Gaussian of 1, 2 and 3 px of this size 0.026, 0.0063 and 0.0025.
const BLURRED_DETAIL = 0.0025;
const SHARP_DETAIL = 0.1;
/** The mesh model sees faces at about this size: a larger one shows it no more. */
const FULL_SIZE_PX = 128;
const PROFILE_DEG = 60;
/** Brightness that varies by less than a shade shows nothing. */
const MIN_VARIANCE = (1 / 255) ** 2;

/** Measures how good pictures of faces are; keeps its memory from face to face. */
export class FaceQualityMeter {
  readonly #rgb = new Float32Array(SIZE * SIZE * 3);
  readonly #gray = new Float32Array(SIZE * SIZE);

  /** @param box - Of the face, px of the picture. */
  measure(image: RgbImage, box: PixelBox, pose: HeadPose): FaceQuality {
    const [width, height] = [box.x2 - box.x1, box.y2 - box.y1];
    const sizePx = Math.sqrt(width * height);
    const size = Math.min(1, sizePx / FULL_SIZE_PX);
    const turnDeg = Math.hypot(pose.yawDeg, pose.pitchDeg);
    const frontalness = Math.max(0, 1 - turnDeg / PROFILE_DEG);
    const sharpness = sharpnessOf(this.#fineDetail(image, box));
    const score = Math.cbrt(sharpness * size * frontalness);
    return { score, sharpness, size, frontalness, sizePx };
  }

  /** Mean square of the Laplacian over the variance of the brightness. */
  #fineDetail(image: RgbImage, box: PixelBox): number {
    const gray = this.#gray;
    if (Math.max(box.x2 - box.x1, box.y2 - box.y1) <= SIZE * 2) this.#sample(image, box);
    else averageCells(image, box, gray);
    let sum = 0;
    let squares = 0;
    for (const value of gray) {
      sum += value;
      squares += value * value;
    }
    const variance = squares / gray.length - (sum / gray.length) ** 2;
    if (!(variance > MIN_VARIANCE)) return 0;
    let energy = 0;
    for (let row = 1; row < SIZE - 1; row++) {
      for (let i = row * SIZE + 1, end = (row + 1) * SIZE - 1; i < end; i++) {
        const laplacian =
          gray[i - SIZE]! + gray[i + SIZE]! + gray[i - 1]! + gray[i + 1]! - 4 * gray[i]!;
        energy += laplacian * laplacian;
      }
    }
    return energy / (SIZE - 2) ** 2 / variance;
  }

  #sample(image: RgbImage, box: PixelBox): void {
    const roi = {
      cx: (box.x1 + box.x2) / 2,
      cy: (box.y1 + box.y2) / 2,
      width: box.x2 - box.x1,
      height: box.y2 - box.y1,
      rotationRad: 0,
    };
    const rgb = this.#rgb;
    warpTensor(image, roi, { size: SIZE, range: [0, 1], into: rgb });
    for (let i = 0; i < this.#gray.length; i++) {
      this.#gray[i] = luma(rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!);
    }
  }
}

/** The brightness of BT.601. */
const luma = (red: number, green: number, blue: number): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

/** A large face, scaled down: each number is the mean of up to 3 x 3 pixels spread over its cell. */
function averageCells(
  { data, width, height, strideBytes }: RgbImage,
  box: PixelBox,
  gray: Float32Array,
): void {
  const stepX = (box.x2 - box.x1) / SIZE;
  const stepY = (box.y2 - box.y1) / SIZE;
  const countX = Math.max(1, Math.min(3, Math.floor(stepX)));
  const countY = Math.max(1, Math.min(3, Math.floor(stepY)));
  const columns = Int32Array.from({ length: SIZE * countX }, (_, i) => {
    const x = Math.floor(box.x1 + ((i + 0.5) / countX) * stepX);
    return Math.max(0, Math.min(width - 1, x)) * 3;
  });
  const scale = 1 / (255 * countX * countY);
  gray.fill(0);
  for (let row = 0; row < SIZE * countY; row++) {
    const y = Math.floor(box.y1 + ((row + 0.5) / countY) * stepY);
    const start = Math.max(0, Math.min(height - 1, y)) * strideBytes;
    const cellRow = Math.floor(row / countY) * SIZE;
    for (let cell = 0, k = 0; cell < SIZE; cell++) {
      let sum = 0;
      for (const end = k + countX; k < end; k++) {
        const i = start + columns[k]!;
        sum += luma(data[i]!, data[i + 1]!, data[i + 2]!);
      }
      gray[cellRow + cell]! += sum * scale;
    }
  }
}

/** From 0 at `BLURRED_DETAIL` to 1 at `SHARP_DETAIL`, by orders of magnitude. */
function sharpnessOf(detail: number): number {
  if (!(detail > BLURRED_DETAIL)) return 0;
  return Math.min(1, Math.log(detail / BLURRED_DETAIL) / Math.log(SHARP_DETAIL / BLURRED_DETAIL));
}
