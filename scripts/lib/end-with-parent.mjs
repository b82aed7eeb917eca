// Loaded into momentscan by start.mjs: when start.mjs is gone, ask momentscan to finish its files
// and end, as Ctrl-C does.
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGINT');
  });
  process.channel.unref();
}
