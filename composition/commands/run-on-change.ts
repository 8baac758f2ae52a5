import { messageOf } from '../../common/errors.ts';
import { watchFiles } from '../../common/watch-files.ts';
import { displayPath } from '../config.ts';
import { type CommandOption, type Surroundings, UsageError } from './command.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { showUsageError } from './show-usage-error.ts';

/** `--watch`. */
export const watchOption: CommandOption = {
  help: 'run again whenever a file that matters changes, until Ctrl+C',
};

/** A pattern of operations may go through many folders each time. */
const everyMs = 1_000;

/** More names of changed files are counted only. */
const namesMax = 5;

/**
 * Runs a command, and again whenever one of its files changes, is created or deleted: one run at a time, and one more for
 * all that changes meanwhile. A run that fails does not end it; a signal does, after the run that is under way.
 */
export async function runOnChange(
  run: () => Promise<ExitCode>,
  files: () => Promise<readonly string[]>,
  { err, untilStopped }: Pick<Surroundings, 'err' | 'untilStopped'>,
): Promise<ExitCode> {
  let running: Promise<void> | undefined;
  let waiting: Set<string> | undefined;
  const runAll = async (): Promise<void> => {
    for (let changed = waiting; changed; changed = waiting) {
      waiting = undefined;
      if (changed.size > 0) err(`\nChanged: ${namesOf([...changed])}.`);
      try {
        await run();
      } catch (error) {
        if (error instanceof UsageError) showUsageError(error, err);
        else err(`The run failed: ${messageOf(error)}`);
      }
      err('Watching for changes; Ctrl+C ends it.');
    }
    running = undefined;
  };
  const watcher = watchFiles({
    list: files,
    onChange: (changed) => {
      waiting = new Set([...(waiting ?? []), ...changed]);
      running ??= runAll();
    },
    log: { warn: ({ reason }, message) => err(`${message}: ${reason}`) },
    everyMs,
  });
  // Neither watching nor waiting for a signal keeps a process.
  const alive = setInterval(() => undefined, 60_000);
  await untilStopped();
  clearInterval(alive);
  watcher.close();
  await running;
  return exitCodes.fine;
}

function namesOf(paths: readonly string[]): string {
  const shown = paths.slice(0, namesMax).map(displayPath);
  const others = paths.length - shown.length;
  return shown.join(', ') + (others > 0 ? ` and ${others} others` : '');
}
