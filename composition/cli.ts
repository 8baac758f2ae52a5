#!/usr/bin/env node
import { surviveLostOutput } from '../common/survive-lost-output.ts';
import { exitCodes } from './commands/exit-code.ts';
import { runCommands } from './commands/run-commands.ts';
import { commands } from './commands.ts';
import { processEnvironment } from './load-environment.ts';
import { wantsColours } from './wants-colours.ts';

/** A script of npm passes its arguments behind `--`. */
const isScript = ['supergraph', 'compose'].includes(processEnvironment.npm_lifecycle_event ?? '');

// Nothing that was not told ends with `fine`.
surviveLostOutput(exitCodes.usage, () => true);

process.exitCode = await runCommands(commands, process.argv.slice(2), {
  call: isScript ? 'npm run supergraph --' : 'supergraph',
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  isColoured: wantsColours(process.stdout, processEnvironment),
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
