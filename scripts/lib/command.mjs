import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './paths.mjs';

/**
 * @typedef {object} CommandResult
 * @property {number} exitCode 128 + the signal's number if a signal ended the command.
 * @property {string} output Standard output and error as they came; empty when inherited.
 */

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @param {number | null} code @param {NodeJS.Signals | null} signal */
const toExitCode = (code, signal) =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

/**
 * Runs a program without a shell and waits for its end. Signals that reach this process are passed
 * on to it, so nothing goes on running when the user has given up.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, inherit?: boolean }} [options] `inherit` shows
 *   the output as it comes instead of collecting it. Default folder: the repository's root.
 * @returns {Promise<CommandResult>}
 */
export function runCommand(program, args, { cwd = ROOT, env = process.env, inherit = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === 'win32' && program === 'npm',
    });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout?.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
    child.stderr?.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));

    /** @type {NodeJS.Signals | undefined} */
    let received;
    const listeners = FORWARDED.map((signal) => {
      const listener = () => {
        received ??= signal;
        child.kill(signal);
      };
      process.on(signal, listener);
      return () => process.off(signal, listener);
    });
    /** @param {number} exitCode @param {string} output */
    const settle = (exitCode, output) => {
      for (const remove of listeners) remove();
      if (received !== undefined && !inherit) process.exit(128 + constants.signals[received]);
      resolve({ exitCode, output });
    };
    child.once('error', (error) => {
      settle(127, `${program} could not be started: ${error.message}\n`);
    });
    child.once('close', (code, signal) => {
      settle(toExitCode(code, signal), Buffer.concat(chunks).toString());
    });
  });
}

/**
 * Runs a JavaScript program with this Node.
 *
 * @param {string} script Path, relative to the root or absolute.
 * @param {readonly string[]} args
 * @param {Parameters<typeof runCommand>[2]} [options]
 */
export const runNode = (script, args, options) =>
  runCommand(process.execPath, [script, ...args], options);
