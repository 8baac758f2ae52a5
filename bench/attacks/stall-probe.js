import { writeFileSync } from 'node:fs';

/** Loaded into a gateway's process: on SIGUSR2 it begins to write the longest stall of the event loop to a file. */
const everyMs = 5;
let longestMs = 0;
let last = performance.now();

process.on('SIGUSR2', () => {
  longestMs = 0;
  last = performance.now();
  setInterval(() => {
    const now = performance.now();
    const stalledMs = now - last - everyMs;
    last = now;
    if (stalledMs <= longestMs) return;
    longestMs = stalledMs;
    writeFileSync(process.env.STALL_FILE, String(Math.round(longestMs)));
  }, everyMs).unref();
});
