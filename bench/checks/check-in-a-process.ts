import { writeSync } from 'node:fs';

/** What a run of the command line took. */
export interface CheckFigures {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
  readonly exitCode: number;
}

// Runs `check` as a user does, and writes what it took into a pipe of its own.
process.on('exit', (code) => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const figures: CheckFigures = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    wallSeconds: performance.now() / 1e3,
    peakMegabytes: maxRSS / 1024,
    exitCode: code,
  };
  writeSync(3, JSON.stringify(figures));
});
await import('../../composition/cli.ts');
