import { EXIT } from './exit-codes.ts';

interface ExitingCommand {
  readonly commands: readonly ExitingCommand[];
  exitOverride(callback: (error: { readonly exitCode: number }) => never): unknown;
}

/** Ends with 0 after help and version, and with the code for wrong usage wherever else commander stops. */
export function exitWellOnHelp(program: ExitingCommand): void {
  for (const command of [program, ...program.commands]) {
    command.exitOverride((error) => {
      process.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
    });
  }
}
