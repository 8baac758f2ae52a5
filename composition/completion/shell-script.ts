import type { Command, CommandOption } from '../commands/command.ts';

/** The shells that scripts are written for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** One of them. */
export type Shell = (typeof shells)[number];

/** A script for a shell that completes what a tool is called with: its commands, their options, and files. */
export function shellScript(shell: Shell, name: string, commands: readonly Command[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(name, commands);
    case 'zsh':
      return zshScript(name, commands);
    case 'fish':
      return fishScript(name, commands);
  }
}

/** What an option takes, such as `text|json`, as words; none when it takes anything. */
function wordsOf({ value }: CommandOption): readonly string[] {
  return value?.includes('|') === true ? value.split('|') : [];
}

function optionsOf({ options }: Command): readonly (readonly [string, CommandOption])[] {
  return [...Object.entries(options), ['help', { help: 'print what the command does' }]];
}

function bashScript(name: string, commands: readonly Command[]): string {
  const all = commands.map((command) => command.name).join(' ');
  return [
    `_${identifier(name)}() {`,
    '  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=',
    '  COMPREPLY=()',
    '  if [[ $COMP_CWORD -eq 1 ]]; then',
    `    COMPREPLY=($(compgen -W ${quoted(`${all} help`)} -- "$word"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]} $before" in',
    `    "help $before") [[ $COMP_CWORD -eq 2 ]] && COMPREPLY=($(compgen -W ${quoted(all)} -- "$word")); return ;;`,
    ...commands.flatMap(bashValues),
    '  esac',
    '  if [[ $word == -* ]]; then',
    '    case "${COMP_WORDS[1]}" in',
    ...commands.map(
      (command) =>
        `      ${command.name}) words=${quoted(
          optionsOf(command)
            .map(([option]) => `--${option}`)
            .join(' '),
        )} ;;`,
    ),
    '    esac',
    '    COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '    return',
    '  fi',
    '  COMPREPLY=($(compgen -f -- "$word"))',
    '}',
    `complete -o filenames -F _${identifier(name)} ${name}`,
  ].join('\n');
}

/** The cases for options that take one of some words. */
function bashValues(command: Command): readonly string[] {
  return optionsOf(command).flatMap(([option, described]) => {
    const words = wordsOf(described);
    if (words.length === 0) return [];
    return [
      `    ${quoted(`${command.name} --${option}`)}) COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$word")); return ;;`,
    ];
  });
}

function zshScript(name: string, commands: readonly Command[]): string {
  return [
    `#compdef ${name}`,
    `_${identifier(name)}() {`,
    '  local -a commands',
    '  commands=(',
    ...commands.map(
      (command) =>
        `    ${quoted(`${command.name}:${command.summary.replaceAll(':', String.raw`\:`)}`)}`,
    ),
    '  )',
    '  if (( CURRENT == 2 )); then',
    "    _describe 'command' commands",
    '    return',
    '  fi',
    '  case $words[2] in',
    ...commands.map((command) => {
      const specs = optionsOf(command).map(([option, described]) => zshOption(option, described));
      return `    ${command.name}) _arguments ${[...specs, "'*:file:_files'"].join(' ')} ;;`;
    }),
    '  esac',
    '}',
    `compdef _${identifier(name)} ${name}`,
  ].join('\n');
}

function zshOption(option: string, described: CommandOption): string {
  const { value, help, isMultiple } = described;
  const words = wordsOf(described);
  const explanation = help.replaceAll(/[[\]:]/g, String.raw`\$&`);
  const action = words.length > 0 ? `(${words.join(' ')})` : '_files';
  const taken = value === undefined ? '' : `:${value.replaceAll(':', String.raw`\:`)}:${action}`;
  return quoted(`${isMultiple === true ? '*' : ''}--${option}[${explanation}]${taken}`);
}

function fishScript(name: string, commands: readonly Command[]): string {
  return [
    ...commands.map(
      (command) =>
        `complete -c ${name} -f -n __fish_use_subcommand -a ${command.name} -d ${fishQuoted(command.summary)}`,
    ),
    ...commands.flatMap((command) =>
      optionsOf(command).map(([option, described]) => {
        const words = wordsOf(described);
        return [
          `complete -c ${name} -n ${fishQuoted(`__fish_seen_subcommand_from ${command.name}`)}`,
          `-l ${option}`,
          ...(described.value === undefined ? [] : ['-r']),
          ...(words.length > 0 ? [`-f -a ${fishQuoted(words.join(' '))}`] : []),
          `-d ${fishQuoted(described.help)}`,
        ].join(' ');
      }),
    ),
  ].join('\n');
}

/** The name of a tool as that of a function. */
function identifier(name: string): string {
  return name.replaceAll('-', '_');
}

/** A text in the single quotes of bash and zsh. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
