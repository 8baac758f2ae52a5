import { runCommands } from './commands/run-commands.ts';
import { commands } from './commands.ts';
import { processEnvironment } from './load-environment.ts';

process.exitCode = await runCommands(commands, process.argv.slice(2), {
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  isColoured: process.stdout.isTTY && !processEnvironment.NO_COLOR,
  fetch: globalThis.fetch,
  environment: processEnvironment,
  now: () => new Date(),
  input: process.stdin,
  untilStopped: () =>
    new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    }),
});
