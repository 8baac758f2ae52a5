import { Readable } from 'node:stream';
import type { Surroundings } from '../../composition/commands/command.ts';
import { runCommands } from '../../composition/commands/run-commands.ts';
import { commands } from '../../composition/commands.ts';

/** Runs a command in this process; gives its exit code and what it wrote. */
export async function runSupergraph(...args: readonly string[]): Promise<Ran> {
  return runSupergraphIn({}, ...args);
}

/** The same where something of the surroundings is other than usual. */
export async function runSupergraphIn(
  surroundings: Partial<Surroundings>,
  ...args: readonly string[]
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommands(commands, args, {
    call: 'supergraph',
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    isColoured: false,
    fetch: () => Promise.reject(new Error('Nothing is to be asked over the network here.')),
    environment: {},
    now: () => new Date(),
    input: Readable.from([]),
    untilStopped: () => Promise.resolve(),
    ...surroundings,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
