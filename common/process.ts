import pc from 'picocolors';
import { messageOf, StartupError } from './errors.ts';

/** Something that runs until it is told to stop. `stop` finishes what is in flight. */
export interface Running {
  stop(): Promise<void>;
}

/**
 * The life of a process: starts, waits for SIGINT or SIGTERM, drains, exits 0. A StartupError is printed as one line
 * and its advice, exit code 1; a second signal, or a drain over `drainDeadlineMs`, ends the process at once.
 */
export async function runProcess(
  start: () => Promise<Running>,
  { drainDeadlineMs = 20_000 }: { drainDeadlineMs?: number } = {},
): Promise<void> {
  const signal = firstSignal();
  try {
    const running = await start();
    await signal;
    setTimeout(() => {
      process.stderr.write(
        `${pc.red('error')} Draining took over ${drainDeadlineMs} ms; stopped.\n`,
      );
      process.exit(1);
    }, drainDeadlineMs).unref();
    await running.stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exit(1);
  }
}

/** What a person at the terminal reads when a process does not start. */
export function describeFailure(error: unknown): string {
  if (error instanceof StartupError) {
    return `${pc.red('error')} ${error.message}\n      ${error.advice}`;
  }
  return `${pc.red('error')} ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`;
}

function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = (): void => {
      signals += 1;
      if (signals > 1) process.exit(130);
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
