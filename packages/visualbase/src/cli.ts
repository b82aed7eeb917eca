import { createRequire } from 'node:module';
import { Command } from '@commander-js/extra-typings';
import { clipCommand } from './cli/clip-command.ts';
import { framesCommand } from './cli/frames-command.ts';
import { infoCommand } from './cli/info-command.ts';
import { sheetCommand } from './cli/sheet-command.ts';
import { sourcesCommand } from './cli/sources-command.ts';
import { stillCommand } from './cli/still-command.ts';
import { exitWellOnHelp } from './command/exit-well-on-help.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const program = new Command('visualbase')
  .description('Looks into videos, cuts clips out of them and takes their pictures.')
  .version(version)
  .showHelpAfterError('(see visualbase --help)')
  .addHelpText(
    'after',
    `
Examples:
  visualbase info party.mp4
  visualbase clip party.mp4 --at 1:12.5 --pre 2 --post 3 -o cake.mp4
  visualbase frames party.mp4 --fps 1 -o pictures
  visualbase frames rtsp://127.0.0.1:8554/door --fps 1 --for 60 -o door
  visualbase still party.mp4 --at 1:12.5 -o cake.png
  visualbase sheet party.mp4 -o party.jpg
  visualbase sources

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C`,
  );
const commands = [
  infoCommand,
  clipCommand,
  framesCommand,
  stillCommand,
  sheetCommand,
  sourcesCommand,
];
for (const command of commands) {
  program.addCommand(command.showHelpAfterError(`(see visualbase ${command.name()} --help)`));
}

exitWellOnHelp(program);
await program.parseAsync();
