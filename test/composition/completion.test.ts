import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { commands } from '../../composition/commands.ts';
import { patienceMs } from '../support/patience.ts';
import { runSupergraph } from './run-supergraph.ts';

const run = promisify(execFile);

/** What bash offers for a line whose last word is being typed. */
async function completedByBash(...words: readonly string[]): Promise<readonly string[]> {
  const { out: script } = await runSupergraph('completion', 'bash');
  const line = ['supergraph', ...words].map((word) => `'${word}'`).join(' ');
  const { stdout } = await run(
    'bash',
    [
      '--norc',
      '-c',
      `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _supergraph; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    { timeout: patienceMs },
  );
  return stdout.split('\n').filter((word) => word !== '');
}

describe('npm run supergraph -- completion', () => {
  it.each([
    [['pl'], ['plan']],
    [
      ['help', 'comp'],
      ['compose', 'completion'],
    ],
    [
      ['compose', '--c'],
      ['--config', '--check', '--composer'],
    ],
    [
      ['plan', '--format', ''],
      ['text', 'json', 'mermaid'],
    ],
    [['plan', 'a.graphql', '--format', 'm'], ['mermaid']],
    [['compose', '--config', 'supergraph.y'], ['supergraph.yaml']],
    [
      ['plan', 'test/contract/ord'],
      ['test/contract/order.graphql', 'test/contract/order.json'],
    ],
    [['unknown', '--'], []],
  ])('lets bash complete %j to %j', async (words, offered) => {
    expect([...(await completedByBash(...words))].sort()).toEqual([...offered].sort());
  });

  it('offers every command, and every option of each', async () => {
    const names = commands.map(({ name }) => name);
    expect(await completedByBash('')).toEqual([...names, 'help']);
    for (const { name, options } of commands) {
      const flags = [...Object.keys(options), 'help'].map((option) => `--${option}`);
      expect(await completedByBash(name, '-')).toEqual(flags);
    }
  });

  it.each(['zsh', 'fish'])('has every command and option for %s', async (shell) => {
    const { code, out } = await runSupergraph('completion', shell);
    expect(code).toBe(0);
    for (const { name, options } of commands) {
      expect(out).toContain(name);
      for (const option of Object.keys(options)) {
        expect(out).toContain(shell === 'fish' ? `-l ${option} ` : `--${option}[`);
      }
    }
  });

  it('completes the tool by another name', async () => {
    const { out } = await runSupergraph('completion', 'bash', '--name', 'my-graph');
    expect(out).toContain('-F _my_graph my-graph');
  });

  it.each([
    [[], 'For which shell?'],
    [['csh'], '"csh" is not known here.'],
    [['bash', '--name', '$(rm)'], '--name is letters, digits, _ and -; got "$(rm)".'],
  ])('refuses %j: %s', async (args, message) => {
    expect(await runSupergraph('completion', ...args)).toMatchObject({
      code: 3,
      err: expect.stringContaining(message),
    });
  });
});
