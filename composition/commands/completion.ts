import { type Shell, shellScript, shells } from '../completion/shell-script.ts';
import { type Command, UsageError } from './command.ts';
import { exitCodes } from './exit-code.ts';

/** `completion`: what a shell needs to complete the commands, which `commands` gives, this one among them. */
export function completionCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'Prints a script by which a shell completes commands and options.',
    arguments: shells.join('|'),
    argumentsMax: 1,
    options: {
      name: { value: 'NAME', help: 'what the tool is called there (default: supergraph)' },
    },
    examples: ['bash'],
    notes: [
      'For ~/.bashrc (or ~/.zshrc, ~/.config/fish/config.fish):',
      "  alias supergraph='npx supergraph'",
      '  source <(npx supergraph completion bash)',
    ].join('\n'),
    run: ({ positionals: [asked], ...given }, { out }) => {
      const shell = shells.find((each): each is Shell => each === asked);
      if (shell === undefined) {
        const got = asked === undefined ? '' : ` "${asked}" is not known here.`;
        throw new UsageError(`For which shell?${got}`, `Give one of ${shells.join(', ')}.`);
      }
      const name = given.text('name') ?? 'supergraph';
      if (!/^[A-Za-z][\w-]*$/.test(name)) {
        throw new UsageError(`--name is letters, digits, _ and -; got "${name}".`);
      }
      out(shellScript(shell, name, commands()));
      return Promise.resolve(exitCodes.fine);
    },
  };
}
