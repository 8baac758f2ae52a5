import { parseArgs } from 'node:util';
import { messageOf } from '../../common/errors.ts';
import { greatest } from '../../common/greatest.ts';
import { nearest } from '../../common/nearest.ts';
import { type Command, type Given, type Surroundings, UsageError } from './command.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { showUsageError } from './show-usage-error.ts';

/** Runs the command that the first argument names, and gives its exit code. Throws only what is a mistake of ours. */
export async function runCommands(
  commands: readonly Command[],
  args: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const [name, ...rest] = args;
  const { call } = surroundings;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const asked = commands.find((command) => name === 'help' && command.name === rest[0]);
    surroundings.out(asked ? helpOf(asked, call) : overviewOf(commands, call));
    return name === undefined ? exitCodes.usage : exitCodes.fine;
  }
  const command = commands.find((each) => each.name === name);
  if (!command) {
    const names = commands.map((each) => each.name);
    surroundings.err(`"${name}" is not a command${didYouMean(nearest(name, names))}`);
    surroundings.err(`Commands: ${names.join(', ')}. \`${call} COMMAND --help\` explains one.`);
    return exitCodes.usage;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    surroundings.out(helpOf(command, call));
    return exitCodes.fine;
  }
  try {
    return await command.run(read(command, rest, call), surroundings);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    showUsageError(error, surroundings.err);
    return exitCodes.usage;
  }
}

function read(command: Command, args: readonly string[], call: string): Given {
  const { name, options, argumentsMax = 0 } = command;
  const help = `See \`${call} ${name} --help\`.`;
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(command, args);
  } catch (error) {
    const unknown = /\bUnknown option '--?([^-'][^']*)'/.exec(messageOf(error))?.[1];
    if (unknown === undefined) throw new UsageError(messageOf(error), help);
    const meant = nearest(unknown, Object.keys(options));
    throw new UsageError(
      `"${name}" has no option --${unknown}${didYouMean(meant && `--${meant}`)}`,
      help,
    );
  }
  const { values, positionals } = parsed;
  if (positionals.length > argumentsMax) {
    const most = argumentsMax === 0 ? 'no arguments' : `at most ${argumentsMax}`;
    throw new UsageError(`"${name}" takes ${most}; got ${positionals.join(' ')}.`, help);
  }
  return {
    positionals,
    text: (option) => {
      const value = values[option];
      return typeof value === 'string' ? value : undefined;
    },
    texts: (option) => {
      const value = values[option];
      return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
    },
    has: (option) => values[option] === true,
  };
}

function parse({ options }: Command, args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value, isMultiple = false }]) => [
        name,
        {
          type: value === undefined ? ('boolean' as const) : ('string' as const),
          multiple: isMultiple,
        },
      ]),
    ),
  });
}

function overviewOf(commands: readonly Command[], call: string): string {
  const width = greatest(
    commands.map(({ name }) => name.length),
    0,
  );
  return [
    'Composes subgraphs into a supergraph, and checks what a change of it does, without a registry.',
    '',
    `Usage: ${call} COMMAND [options]`,
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    `\`${call} COMMAND --help\` explains a command and shows examples.`,
    exitCodesText,
  ].join('\n');
}

function helpOf(
  { name, summary, options, examples, notes, ...command }: Command,
  call: string,
): string {
  const shown: Command['options'] = { ...options, help: { help: 'print this' } };
  const flags = Object.entries(shown).map(
    ([option, { help, value }]) =>
      [value === undefined ? `--${option}` : `--${option} ${value}`, help] as const,
  );
  const width = greatest(
    flags.map(([flag]) => flag.length),
    0,
  );
  const args = command.arguments === undefined ? '' : ` ${command.arguments}`;
  return [
    summary,
    '',
    `Usage: ${call} ${name} [options]${args}`,
    '',
    ...flags.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`),
    '',
    `Example${examples.length > 1 ? 's' : ''}:`,
    ...examples.map((example) => `  ${call} ${name} ${example}`.trimEnd()),
    '',
    ...(notes === undefined ? [] : [notes, '']),
    exitCodesText,
  ].join('\n');
}

const exitCodesText =
  'Exit code: 0 fine, 1 something is not as it should be, 2 the subgraphs do not compose, 3 wrong usage, or something to look at is not there.';

function didYouMean(name: string | undefined): string {
  return name === undefined || name === '' ? '.' : `; did you mean ${name}?`;
}
