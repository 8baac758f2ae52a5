import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** A block of commands in a document, and what the comment before it says: that a test runs it, or why none does. */
export type DocumentedCommands =
  | {
      readonly kind: 'run';
      readonly name: string;
      readonly test: string;
      readonly commands: string;
    }
  | { readonly kind: 'not run'; readonly reason: string; readonly commands: string }
  | { readonly kind: 'unexplained'; readonly commands: string };

const block = /(?:^<!-- ([^\n]*) -->\n\n)?^```(?:sh|sql)\n(.*?)^```$/gms;

/** The blocks of commands in a document, in their order. */
export async function readCommands(path: string): Promise<readonly DocumentedCommands[]> {
  const text = await readFile(path, 'utf8');
  return [...text.matchAll(block)].map(([, comment = '', commands = '']) => {
    const [, name, test] = /^(\S+), run by (\S+)$/.exec(comment) ?? [];
    if (name !== undefined && test !== undefined) return { kind: 'run', name, test, commands };
    const [, reason] = /^not run: (.+)$/.exec(comment) ?? [];
    if (reason !== undefined) return { kind: 'not run', reason, commands };
    return { kind: 'unexplained', commands };
  });
}

/** The commands of the block of that name. */
export function commandsNamed(blocks: readonly DocumentedCommands[], name: string): string {
  const found = blocks.find((each) => each.kind === 'run' && each.name === name);
  if (!found) throw new Error(`The document has no block "${name}".`);
  return found.commands;
}

/** Where commands run. */
export interface Surroundings {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs commands as a person at a shell does, and gives what they print. Rejects when one of them fails. */
export function runInShell(
  commands: string,
  { cwd = '.', environment = {} }: Surroundings = {},
): Promise<string> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NO_COLOR: '1', ...environment };
  return new Promise((resolve, reject) => {
    execFile(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', commands],
      { cwd, env, timeout: 120_000 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${commands}\n${stdout}${stderr}`, { cause: error }));
        else resolve(stdout);
      },
    );
  });
}
