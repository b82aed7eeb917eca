import { createRequire } from 'node:module';
import { Command } from '@commander-js/extra-typings';
import { exitWellOnHelp } from 'visualbase/command';
import { processCommand } from './commands/process-command.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const program = new Command('momentscan')
  .description('Finds the moments of a video worth keeping, cuts them out and says why.')
  .version(version)
  .showHelpAfterError('(see momentscan process --help)')
  .addCommand(processCommand.showHelpAfterError('(see momentscan process --help)'));

exitWellOnHelp(program);
await program.parseAsync();
