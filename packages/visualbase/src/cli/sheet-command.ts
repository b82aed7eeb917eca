import { Command } from '@commander-js/extra-typings';
import { formatBytes } from '../command/format-values.ts';
import { count, pixels, positive } from '../command/option-parsers.ts';
import { runAction } from '../command/run-action.ts';

/** `visualbase sheet FILE`. */
export const sheetCommand = new Command('sheet')
  .description('Put evenly spaced stills of a video onto one picture, each with its time')
  .argument('<file>', 'path of the video file')
  .requiredOption('-o, --output <path>', 'picture to write: .jpg, .png or .webp')
  .option('--count <n>', 'stills on the sheet; by default 16', count)
  .option('--every <seconds>', 'a still each so many seconds, instead of --count', positive)
  .option('--columns <n>', 'stills in a row', count, 4)
  .option('--tile-width <pixels>', 'width of a still', pixels, 320)
  .option('--no-times', 'leave the times out')
  .option('--json', 'print what was written for machines', false)
  .addHelpText(
    'after',
    `
Examples:
  visualbase sheet party.mp4 -o party.jpg
  visualbase sheet party.mp4 --every 10 --columns 6 -o party.png`,
  )
  .action((file, flags) =>
    runAction('visualbase', async (signal) => {
      if (flags.count !== undefined && flags.every !== undefined) {
        throw new RangeError('Give either --count or --every.');
      }
      const { makeContactSheet } = await import('../sheet/contact-sheet.ts');
      const sheet = await makeContactSheet(file, {
        path: flags.output,
        columns: flags.columns,
        tileWidthPx: flags.tileWidth,
        timestamps: flags.times,
        ...(flags.every === undefined ? { count: flags.count ?? 16 } : { everySec: flags.every }),
        signal,
      });
      const { width, height, sizeBytes, tiles, path } = sheet;
      const facts = `${tiles.length} stills, ${width}x${height}, ${formatBytes(sizeBytes)}`;
      console.log(flags.json ? JSON.stringify(sheet, undefined, 2) : `${facts}\n${path}`);
    }),
  );
