import { VisualError } from '../errors/visual-error.ts';

/** The size of a picture file as shown: turned upright by what the camera noted. @throws VisualError `VB_NOT_MEDIA`. */
export async function sizeOfImage(
  path: string,
): Promise<{ readonly width: number; readonly height: number }> {
  const { default: sharp } = await import('sharp');
  try {
    const { autoOrient } = await sharp(path).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch (cause) {
    throw new VisualError(
      'VB_NOT_MEDIA',
      `${path} is not a picture that can be read (${(cause as Error).message}). Give JPEG, PNG, WebP, AVIF or TIFF.`,
      { cause, details: { path } },
    );
  }
}

/**
 * Reads a picture file as RGB24 of exactly the size given, turned upright, off the main thread.
 *
 * @returns `width * height * 3` bytes.
 * @throws Error for a file that is no picture.
 */
export async function readImage(
  path: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(path)
    .autoOrient()
    .resize({ width, height, fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .flatten({ background: '#000' })
    .removeAlpha()
    .raw()
    .toBuffer();
}
