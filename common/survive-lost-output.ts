import { messageOf } from './errors.ts';

/** What output is written to. */
type Output = Pick<NodeJS.WriteStream, 'on' | 'write'>;

/** A process that writes output, and exits with a code. */
export interface WritingProcess {
  readonly stdout: Output;
  readonly stderr: Output;
  exitCode?: number | string | null | undefined;
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * Lets a command go on to its end, and to its exit code, when its output is not read any more, such as behind `head`. When
 * output is lost for another reason, such as a full disk, a line on stderr says so, and `code` takes the place of exit code 0
 * if `hasEnded` is true then: a service that runs for long ends with its own code.
 */
export function surviveLostOutput(
  code: number,
  hasEnded: () => boolean,
  writing: WritingProcess = process,
): void {
  let isLost = false;
  writing.stderr.on('error', () => undefined);
  writing.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    writing.stderr.write(`The output cannot be written: ${messageOf(error)}\n`);
  });
  writing.once('exit', () => {
    if (isLost && hasEnded() && (writing.exitCode ?? 0) === 0) writing.exitCode = code;
  });
}
