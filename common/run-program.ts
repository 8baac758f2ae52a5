import { parseArgs } from 'node:util';
import { runCommand } from './command-line.ts';
import { type Running, runProcess } from './process.ts';

const endOfUsage = `
All settings are environment variables, or keys of the file that GATEWAY_CONFIG names: docs/settings.md.
Exit code: 0 stopped, 1 failure, 2 wrong usage.`;

/**
 * Runs a program that is configured by its environment alone, until it is told to stop. `--help` prints `usage`; any other
 * argument is an error with exit code 2: it would be a setting without an effect.
 */
export async function runProgram(usage: string, start: () => Promise<Running>): Promise<void> {
  process.exitCode = await runCommand(
    `${usage}\n${endOfUsage}`,
    () => parseArgs({ options: { help: { type: 'boolean', short: 'h', default: false } } }).values,
    async () => {
      await runProcess(start);
      return 0;
    },
  );
}
