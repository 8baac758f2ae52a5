import { parseArgs } from 'node:util';
import { nearest } from '../../common/nearest.ts';
import type { CommandRequest } from './commands.ts';

const commands = ['list-dead', 'show', 'replay', 'drop', 'lag'] as const;

/** A parsed command line, or a request for help. */
export type CommandLine = CommandRequest & { readonly help: boolean };

/** Parses the arguments. Throws for anything that the usage does not allow. */
export function readRequest(
  args: readonly string[],
  consumers: readonly string[] | undefined,
): CommandLine {
  const off = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: off, all: off, yes: off, limit: { type: 'string', default: '50' } },
    allowPositionals: true,
  });
  const { help, all, yes } = values;
  const limit = Number(values.limit);
  const [name, consumer, id, ...rest] = positionals;
  if (help) return { help, all, yes, limit: 0, command: 'lag' };
  const command = commands.find((each) => each === name);
  if (command === undefined) {
    if (name === undefined) throw new Error(`A command is needed: ${commands.join(', ')}.`);
    throw new Error(
      `"${name}" is not a command; the nearest is ${nearest(name, commands) ?? 'lag'}.`,
    );
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new Error(`--limit takes a whole number from 1 to 10000, not "${values.limit}".`);
  }
  if (rest.length > 0 || (command === 'lag' && consumer !== undefined)) {
    throw new Error(`"${command}" was given too much: ${positionals.slice(1).join(' ')}.`);
  }
  const isAboutOne = command === 'show' || command === 'replay' || command === 'drop';
  if (isAboutOne && consumer === undefined) throw new Error(`"${command}" needs a consumer.`);
  const mayBeAll = command !== 'show';
  if (isAboutOne && (id === undefined) !== (all && mayBeAll)) {
    throw new Error(`"${command}" needs the id of one dead letter${mayBeAll ? ', or --all' : ''}.`);
  }
  if (consumer !== undefined && consumers !== undefined && !consumers.includes(consumer)) {
    throw new Error(
      `There is no consumer "${consumer}"; the nearest is ${nearest(consumer, consumers) ?? ''}, of ${consumers.join(', ')}.`,
    );
  }
  return {
    ...{ help, all, yes, limit, command },
    ...(consumer !== undefined && { consumer }),
    ...(id !== undefined && { id }),
  };
}
