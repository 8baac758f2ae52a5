import { messageOf } from './errors.ts';

/**
 * Lets a command go on to its end, and to its exit code, when its output is not read any more, such as behind `head`. When
 * output is lost for another reason, such as a full disk, a line on stderr says so, and `code` takes the place of exit code 0
 * if `hasEnded` is true then: a service that runs for long ends with its own code.
 */
export function surviveLostOutput(code: number, hasEnded: () => boolean): void {
  let isLost = false;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    process.stderr.write(`The output cannot be written: ${messageOf(error)}\n`);
  });
  process.once('exit', () => {
    if (isLost && hasEnded() && (process.exitCode ?? 0) === 0) process.exitCode = code;
  });
}
