import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';

const TICK_MS = 20;

/**
 * Sends a transport stream over TCP as an encoder would: paced, to everybody from its beginning. It can be
 * cut off and started again on the same port, and be made to fall silent.
 */
export class TsServer {
  readonly #bytes: Buffer;
  readonly #bytesPerMs: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #isSilent = false;
  port = 0;

  private constructor(bytes: Buffer, durationSec: number) {
    this.#bytes = bytes;
    this.#bytesPerMs = bytes.length / (durationSec * 1000);
  }

  static async start(path: string, durationSec: number): Promise<TsServer> {
    const server = new TsServer(await readFile(path), durationSec);
    await server.restart();
    return server;
  }

  get url(): string {
    return `tcp://127.0.0.1:${this.port}`;
  }

  /** Connections are open, and nothing comes. */
  set isSilent(value: boolean) {
    this.#isSilent = value;
  }

  /** Ends every connection at once, and takes no new ones. */
  async kill(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  async restart(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as { port: number }).port;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    const startedMs = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      if (this.#isSilent) return;
      const due = Math.min(
        this.#bytes.length,
        Math.ceil((performance.now() - startedMs) * this.#bytesPerMs),
      );
      if (due > sent) socket.write(this.#bytes.subarray(sent, due));
      sent = Math.max(sent, due);
      if (sent === this.#bytes.length) socket.end();
    }, TICK_MS);
    socket.on('close', () => {
      clearInterval(timer);
      this.#sockets.delete(socket);
    });
  }
}
