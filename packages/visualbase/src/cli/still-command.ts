import { Command } from '@commander-js/extra-typings';
import { formatBytes, formatClock } from '../command/format-values.ts';
import { anySeconds, pixels } from '../command/option-parsers.ts';
import { runAction } from '../command/run-action.ts';
import { nsToSec, secToNs } from '../time/ns.ts';

/** `visualbase still FILE`. */
export const stillCommand = new Command('still')
  .description('Take the picture that is shown at a time')
  .argument('<file>', 'path of the video file')
  .requiredOption('-o, --output <path>', 'picture to write: .jpg, .png or .webp')
  .requiredOption('--at <time>', 'such as 12.5 or 1:12.5', anySeconds)
  .option('--max-side <pixels>', 'shrink to this longer side', pixels)
  .option('--json', 'print what was written for machines', false)
  .addHelpText('after', '\nExample:\n  visualbase still party.mp4 --at 1:12.5 -o cake.png')
  .action((file, { output, at, maxSide, json }) =>
    runAction('visualbase', async (signal) => {
      const { extractStill } = await import('../still/extract-still.ts');
      const size = maxSide === undefined ? {} : { maxSide };
      const still = await extractStill(file, secToNs(at), { path: output, ...size, signal });
      const { tSrcNs, width, height, sizeBytes, path } = still;
      const facts = `${formatClock(nsToSec(tSrcNs), 3)}: ${width}x${height}, ${formatBytes(sizeBytes)}`;
      console.log(json ? JSON.stringify(still, undefined, 2) : `${facts}\n${path}`);
    }),
  );
