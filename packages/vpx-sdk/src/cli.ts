import { createRequire } from 'node:module';
import { Command } from '@commander-js/extra-typings';
import { exitWellOnHelp } from 'visualbase/command';
import { annotateCommand } from './cli/annotate-command.ts';
import { listCommand } from './cli/list-command.ts';
import { newCommand } from './cli/new-command.ts';
import { runCommand } from './cli/run-command.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const program = new Command('vpx')
  .description('Runs the analysis modules of a project on videos, and shows what they see.')
  .version(version)
  .showHelpAfterError('(see vpx --help)')
  .addHelpText(
    'after',
    `
Examples:
  vpx list
  vpx run face.detect,hand.gesture -i party.mp4 --fps 5
  vpx run body.pose -i camera:0 --json | jq .observations
  vpx annotate party.mp4
  vpx new scene.brightness

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C`,
  );

/** Each command has a file of its own in cli/; put it here. */
const commands = [listCommand, runCommand, annotateCommand, newCommand];
for (const command of commands) {
  program.addCommand(command.showHelpAfterError(`(see vpx ${command.name()} --help)`));
}

exitWellOnHelp(program);
await program.parseAsync();
