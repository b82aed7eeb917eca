import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a program ended. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program imports to have all of vpx-sdk. */
export const INDEX = new URL('../../dist/index.js', import.meta.url).href;

/**
 * Runs a program, an ES module with all of vpx-sdk as `sdk`, in a Node process of its own.
 *
 * @param interruptOn - When the program prints this, it gets a SIGINT.
 */
export async function runProgram(source: string, interruptOn?: string): Promise<ProgramEnd> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', `import * as sdk from ${JSON.stringify(INDEX)};\n${source}`],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  let isInterrupted = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    if (interruptOn === undefined || isInterrupted || !stdout.includes(interruptOn)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [exitCode, killedBy] = (await once(child, 'close')) as [
    number | null,
    NodeJS.Signals | null,
  ];
  return { exitCode, killedBy, stdout, stderr };
}
