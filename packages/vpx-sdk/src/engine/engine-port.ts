import { parentPort } from 'node:worker_threads';

/** The engine's side of its link: of a thread or of a process. */
export interface EnginePort {
  /** Whether memory is handed over rather than copied. */
  readonly canTransfer: boolean;
  listen(onMessage: (message: unknown) => void): void;
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** After this nothing is left to wait for, and the thread or process ends by itself. */
  close(): void;
}

/** The port of whatever this code was started in. */
export function enginePort(): EnginePort {
  return parentPort === null ? processPort() : threadPort(parentPort);
}

function threadPort(port: NonNullable<typeof parentPort>): EnginePort {
  return {
    canTransfer: true,
    listen: (onMessage) => port.on('message', onMessage),
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    close: () => port.close(),
  };
}

function processPort(): EnginePort {
  // Ctrl-C goes to the whole group: the parent decides when to end, and closes or disconnects.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => undefined);
  }
  // Between two inferences: an event is never handled during one.
  process.once('disconnect', () => process.exit());
  return {
    canTransfer: false,
    listen: (onMessage) => process.on('message', onMessage),
    // Nobody is there to be answered any more when the channel is closed.
    post: (message) => process.send?.(message, undefined, undefined, () => undefined),
    close: () => process.disconnect(),
  };
}
