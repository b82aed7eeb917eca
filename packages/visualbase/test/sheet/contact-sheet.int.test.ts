import { readdir } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeContactSheet, type ContactSheet } from '../../src/sheet/contact-sheet.ts';
import { sheetTimes } from '../../src/sheet/contact-sheet-options.ts';
import { makeVideo, readFrameIndex } from '../../src/testing/index.ts';
import { secToNs } from '../../src/time/ns.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
let source = '';
beforeAll(async () => {
  source = inFolder('source.mp4');
  await makeVideo({ path: source, width: 320, height: 180, frameCount: 120, gop: 25 });
});

/** The frame codes of the stills on a sheet. */
async function indices(sheet: ContactSheet): Promise<number[]> {
  const { tileWidthPx: width, tileHeightPx: height } = sheet;
  return Promise.all(
    sheet.tiles.map(async ({ xPx, yPx }) => {
      const tile = sharp(sheet.path).extract({ left: xPx, top: yPx, width, height });
      const data = await tile.raw().toBuffer();
      return readFrameIndex({ format: 'rgb24', width, height, strideBytes: width * 3, data });
    }),
  );
}

describe('makeContactSheet', () => {
  it.each(['jpg', 'png', 'webp'])('shows the middles of equal parts (.%s)', async (ending) => {
    const path = inFolder('sheets', `a.${ending}`);
    const sheet = await makeContactSheet(source, { path, count: 6, columns: 4, tileWidthPx: 160 });
    expect(sheet).toMatchObject({ path, width: 4 + 4 * 164, height: 4 + 2 * 94 });
    expect(await sharp(path).metadata()).toMatchObject({ width: 660, height: 192 });
    expect(await indices(sheet)).toEqual([10, 30, 50, 70, 90, 110]);
    expect(sheet.tiles.map(({ tSrcNs }) => Math.round(tSrcNs / 1e6))).toEqual([
      ...[333, 1000, 1667, 2333, 3000, 3667],
    ]);
  });

  it('shows one still every so many seconds, from the first on', async () => {
    const sheet = await makeContactSheet(source, { path: inFolder('every.png'), everySec: 1.5 });
    expect(await indices(sheet)).toEqual([0, 45, 90]);
    expect(sheet.width).toBe(4 + 3 * 324);
  });

  it('writes the time into the lower left corner of each still, unless told not to', async () => {
    const corner = async (timestamps: boolean): Promise<string[]> => {
      const path = inFolder(`times-${timestamps}.png`);
      const sheet = await makeContactSheet(source, { path, everySec: 1, timestamps });
      return Promise.all(
        sheet.tiles.map(async ({ xPx, yPx }) => {
          const area = { left: xPx, top: yPx + sheet.tileHeightPx - 27, width: 100, height: 27 };
          return (await sharp(path).extract(area).raw().toBuffer()).toString('base64');
        }),
      );
    };
    const [withTimes, without] = [await corner(true), await corner(false)];
    expect(new Set(withTimes).size).toBe(4);
    withTimes.forEach((pixels, i) => {
      expect(pixels).not.toBe(without[i]);
      const levels = new Set(Buffer.from(pixels, 'base64'));
      expect([levels.has(0), levels.has(255)]).toEqual([true, true]);
    });
  });

  it('takes animations, sideways videos, and videos of one picture', async () => {
    const gif = inFolder('animation.gif');
    await makeVideo({ path: gif, width: 160, height: 120, fps: 10, frameCount: 20 });
    const path = inFolder('other.png');
    const sheet = await makeContactSheet(gif, { path, count: 4, tileWidthPx: 160 });
    expect(await indices(sheet)).toEqual([2, 7, 12, 17]);
    const turned = inFolder('turned.mp4');
    await makeVideo({ path: turned, rotationDeg: 90, width: 120, height: 160, frameCount: 1 });
    const one = await makeContactSheet(turned, { path, count: 2, tileWidthPx: 60 });
    expect(one).toMatchObject({ tileWidthPx: 60, tileHeightPx: 80 });
    expect(await indices(one)).toEqual([0, 0]);
  });

  it.each([
    [{ columns: 0 }, /columns.*0/],
    [{ count: 2000 }, /count.*2000/],
    [{ count: 2, everySec: 2 }, /either the count/],
    [{ everySec: 0 }, /everySec.*0/],
    [{ everySec: 0.001 }, /would be 4000/],
    [{ tileWidthPx: 5 }, /tileWidthPx.*5/],
    [{ path: 'sheet.txt' }, /sheet\.txt.*must end in/],
    [{ columns: 5, count: 5, tileWidthPx: 4000 }, /20024x.*16383/],
  ])('refuses %o, and writes nothing', async (options, message) => {
    const sheet = makeContactSheet(source, { path: inFolder('refused', 'a.png'), ...options });
    await expect(sheet).rejects.toThrow(message);
    expect(await readdir(inFolder())).not.toContain('refused');
  });

  it('stops when it is aborted', async () => {
    const reason = new Error('enough');
    const options = { path: inFolder('b.png'), signal: AbortSignal.abort(reason) };
    await expect(makeContactSheet(source, options)).rejects.toBe(reason);
  });
});

describe('sheetTimes', () => {
  it('are middles of parts, or multiples inside the video', () => {
    expect(sheetTimes({ count: 2 }, secToNs(10))).toEqual([secToNs(2.5), secToNs(7.5)]);
    expect(sheetTimes({ everySec: 5 }, secToNs(10))).toEqual([0, secToNs(5)]);
    expect(sheetTimes({ everySec: 5 }, secToNs(10.1))).toEqual([0, secToNs(5), secToNs(10)]);
    expect(sheetTimes({ everySec: 5 }, 1)).toEqual([0]);
  });
});
