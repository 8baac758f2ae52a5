/**
 * Loaded into a process whose memory is looked at: at SIGUSR2 it collects all garbage, and then prints the bytes that are
 * in use, on the heap of JavaScript and in buffers.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collect();
  // What was let go of by the first collection is freed after it.
  setImmediate(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    process.stdout.write(`bytes in use: ${heapUsed + external}\n`);
  });
});
