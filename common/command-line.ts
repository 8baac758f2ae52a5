import { messageOf } from './errors.ts';
import { surviveLostOutput } from './survive-lost-output.ts';

/**
 * Runs a command and returns its exit code. `act` does the work; `--help` prints `usage`. When `read` throws, the error
 * and `usage` are printed, and the code is 2. A reader of the output that leaves does not end the command.
 */
export async function runCommand<Options extends { readonly help: boolean }>(
  usage: string,
  read: () => Options,
  act: (options: Options) => Promise<number>,
): Promise<number> {
  let hasEnded = false;
  surviveLostOutput(1, () => hasEnded);
  try {
    return await run(usage, read, act);
  } finally {
    hasEnded = true;
  }
}

async function run<Options extends { readonly help: boolean }>(
  usage: string,
  read: () => Options,
  act: (options: Options) => Promise<number>,
): Promise<number> {
  let options: Options;
  try {
    options = read();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${usage}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  return act(options);
}
