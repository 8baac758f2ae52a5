import pc from 'picocolors';
import { messageOf, StartupError } from './errors.ts';

/** A running service. `stop` finishes the work in flight. */
export interface Running {
  stop(): Promise<void>;
  /** Descriptions of what `stop` waits for: requests, connections, pools. */
  waitsFor?(): readonly string[];
}

/** A stop that takes so long says what it waits for, and says it again each time as long has passed. */
const tellEveryMs = 2_000;

/** A stop that takes longer ends the process. */
const stopDeadlineMs = 20_000;

/**
 * The life of a process: starts, waits for SIGINT or SIGTERM, stops, exits 0. A StartupError is printed as one line
 * and its advice, exit code 1; a second signal, or a stop over `stopDeadlineMs`, ends the process at once.
 */
export async function runProcess(start: () => Promise<Running>): Promise<void> {
  const signal = firstSignal();
  // A closed terminal or a full disk must not end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    const running = await start();
    await signal;
    setInterval(() => {
      process.stderr.write(`${pc.yellow('stopping')} Waiting for ${reasonsOf(running)}.\n`);
    }, tellEveryMs).unref();
    setTimeout(() => {
      process.stderr.write(
        `${pc.red('error')} Stopping took over ${stopDeadlineMs} ms, waiting for ${reasonsOf(running)}; exiting.\n`,
      );
      process.exit(1);
    }, stopDeadlineMs).unref();
    await running.stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exit(1);
  }
}

/**
 * The message at the terminal when a process does not start: one or several lines that say what is wrong, and what to
 * do. Only a bug in the program itself is shown with a stack.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof StartupError) {
    const lines = [...error.message.split('\n'), error.advice];
    return `${pc.red('error')} ${lines.join('\n      ')}`;
  }
  if (isSystemError(error)) return `${pc.red('error')} ${error.message}`;
  return `${pc.red('error')} ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`;
}

function reasonsOf(running: Running): string {
  const reasons = running.waitsFor?.() ?? [];
  return reasons.length > 0 ? reasons.join(', ') : 'open resources';
}

/** An error of the operating system: its message says what failed, and where. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
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
