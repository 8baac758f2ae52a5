import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Loaded into a gateway's process: answers how much memory it has, and how long its loop was blocked since the last question. */
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on('message', (question) => {
  if (question === 'memory') {
    globalThis.gc?.();
    process.send?.(process.memoryUsage.rss());
    return;
  }
  if (question === 'in use') {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    process.send?.(heapUsed + external);
    return;
  }
  process.send?.(delay.max / 1e6);
  delay.reset();
});
process.channel?.unref();
