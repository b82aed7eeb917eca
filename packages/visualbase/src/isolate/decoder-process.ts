import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { VisualError, type ErrorCode } from '../errors/visual-error.ts';
import { PIPE_FD, type IsolateMessage, type IsolateRequest } from './isolate-messages.ts';
import type { ResolvedLimits } from './isolation-limits.ts';
import { encodeMessage, MessageReader } from './wire.ts';

/** How often the limits are looked at. */
const WATCH_INTERVAL_MS = 250;
/** How long a process that was killed may take to be gone, before it is left to the kernel. */
const REAP_TIMEOUT_MS = 5000;
/** Of what the process wrote to stderr, how much goes into an error. */
const STDERR_CHARS = 2000;
/** One frame, at most: 16384 x 16384 RGB and what goes with it. */
const MAX_MESSAGE_BYTES = 2 ** 28 * 3 + 65_536;

/** What a {@link DecoderProcess} asks and tells. */
export interface ProcessListener {
  /** Whether the process owes something, so that silence means that it hangs. */
  isOwing(): boolean;
  onMessage(message: IsolateMessage): void;
  /** The process is gone, or as good as gone, and was not asked to. Comes after all of its messages. */
  onDeath(error: VisualError): void;
}

/**
 * A child process that decodes one file, within limits. It is always ended with SIGKILL, hung or
 * not: it has nothing to put in order, and the least that native code can do then is crash.
 */
export class DecoderProcess {
  /** Settles when the process is gone and everything it said has been read; never rejects. */
  readonly done: Promise<void>;
  readonly #path: string;
  readonly #limits: ResolvedLimits;
  readonly #child: ChildProcess;
  readonly #pipe: Socket;
  readonly #watch: NodeJS.Timeout;
  #finish: () => void = () => undefined;
  #listener: ProcessListener | undefined;
  #death: VisualError | undefined;
  #stderr = '';
  #quietMs = 0;
  #isEnding = false;

  /** @param memoryFd - Memory for the process to map, which inherits it. */
  constructor(path: string, limits: ResolvedLimits, memoryFd: number | undefined) {
    this.#path = path;
    this.#limits = limits;
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./isolate-worker.js', import.meta.url))],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'pipe', memoryFd ?? 'ignore'],
        // Its own group: Ctrl-C is for the program, which then decides about its sources.
        detached: true,
        windowsHide: true,
        // The program's own flags are not for this process.
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    );
    this.#child = child;
    this.#pipe = child.stdio[PIPE_FD] as Socket;
    this.done = new Promise((resolve) => (this.#finish = resolve));
    child.on('error', (cause) => {
      this.#die('VB_DECODER_CRASHED', `could not be started (${String(cause)})`, {}, cause);
      this.#finish();
    });
    child.on('close', (exitCode, signal) => {
      this.#onClose(exitCode, signal);
      this.#finish();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARS);
    });
    const reader = new MessageReader<IsolateMessage>(MAX_MESSAGE_BYTES);
    this.#pipe.on('data', (chunk) => this.#read(reader, chunk));
    // A pipe breaks when the process is gone, which its exit tells better.
    this.#pipe.on('error', () => undefined);
    this.#watch = setInterval(() => this.#check(), WATCH_INTERVAL_MS);
    this.#watch.unref();
    this.keepAlive(false);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Who is told from here on; also of a death that nobody has heard of. */
  set listener(listener: ProcessListener) {
    this.#listener = listener;
    const death = this.#death;
    if (death !== undefined) queueMicrotask(() => listener.onDeath(death));
  }

  send(request: IsolateRequest): void {
    if (!this.#isEnding) this.#pipe.write(encodeMessage(request));
  }

  /** Whether the process keeps this one alive. */
  keepAlive(isWanted: boolean): void {
    const change = isWanted ? 'ref' : 'unref';
    this.#child[change]();
    this.#pipe[change]();
    (this.#child.stderr as Socket | null)?.[change]();
  }

  /** Ends the process, and reports nothing more. */
  kill(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    clearInterval(this.#watch);
    this.#child.kill('SIGKILL');
    // A process that waits for a dead disk cannot be killed before that answers.
    const timer = setTimeout(() => {
      this.keepAlive(false);
      this.#pipe.destroy();
      this.#child.stderr?.destroy();
      this.#finish();
    }, REAP_TIMEOUT_MS).unref();
    void this.done.then(() => clearTimeout(timer));
  }

  #read(reader: MessageReader<IsolateMessage>, chunk: Buffer): void {
    if (this.#isEnding) return;
    try {
      for (const message of reader.take(chunk)) {
        this.#quietMs = 0;
        this.#listener?.onMessage(message);
      }
    } catch (cause) {
      this.#die('VB_DECODER_CRASHED', `sent what cannot be read (${String(cause)})`, {}, cause);
    }
  }

  #onClose(exitCode: number | null, signal: NodeJS.Signals | null): void {
    const how = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`;
    this.#die('VB_DECODER_CRASHED', how, { exitCode, signal });
  }

  /** Time is counted in turns of the timer, so that a program that was itself suspended does not count. */
  #check(): void {
    const isOwing = this.#listener?.isOwing() ?? false;
    this.#quietMs = isOwing ? this.#quietMs + WATCH_INTERVAL_MS : 0;
    const { stallTimeoutMs, maxRssMb } = this.#limits;
    if (this.#quietMs >= stallTimeoutMs) {
      this.#die('VB_DECODER_HUNG', `did not get on for ${stallTimeoutMs / 1000} s and was killed`, {
        stallTimeoutMs,
      });
      return;
    }
    const rssMb = ownMemoryMb(this.pid);
    if (rssMb > maxRssMb) {
      const rounded = Math.round(rssMb);
      this.#die(
        'VB_DECODER_TOO_BIG',
        `grew to ${rounded} MiB, over the limit of ${maxRssMb} MiB, and was killed`,
        { rssMb: rounded, maxRssMb },
      );
    }
  }

  #die(code: ErrorCode, how: string, details: object, cause?: unknown): void {
    if (this.#isEnding) return;
    this.kill();
    const advice =
      code === 'VB_DECODER_TOO_BIG' || code === 'VB_DECODER_HUNG'
        ? 'The file is damaged or hostile, or the limit is too low for it: see the isolate option.'
        : 'The file is probably damaged or hostile; get another copy.';
    const stderr = this.#stderr.trim();
    this.#death = new VisualError(code, `The decoder process for ${this.#path} ${how}. ${advice}`, {
      ...(cause === undefined ? {} : { cause }),
      details: { path: this.#path, ...details, ...(stderr === '' ? {} : { stderr }) },
    });
    this.#listener?.onDeath(this.#death);
  }
}

/** Memory that a process shares with nobody, in MiB; 0 where that cannot be told. */
function ownMemoryMb(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  try {
    const found = /RssAnon:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return found === null ? 0 : Number(found[1]) / 1024;
  } catch {
    // It has just ended.
    return 0;
  }
}
