import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';

const commands: readonly (readonly [command: string, codeOfLoss: number])[] = [
  ['composition/cli.ts explain', 3],
  ['events/cli.ts --help', 1],
];

describe('a command whose output goes nowhere', () => {
  it.each(commands)('%s ends as usual when it is not read', async (command) => {
    const { code, err } = await run(command, 'pipe');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  const onLinux = existsSync('/dev/full') ? it : it.skip;

  onLinux.each(commands)(
    '%s says that the disk is full, with exit code %i',
    async (command, code) => {
      const full = openSync('/dev/full', 'w');
      try {
        expect(await run(command, full)).toEqual({
          code,
          err: expect.stringMatching(/^The output cannot be written: .*ENOSPC.*\n$/),
        });
      } finally {
        closeSync(full);
      }
    },
  );
});

async function run(
  command: string,
  stdout: number | 'pipe',
): Promise<{ readonly code: unknown; readonly err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...command.split(' ')], {
    stdio: ['ignore', stdout, 'pipe'],
    timeout: patienceMs,
  });
  const { stderr } = child;
  if (!stderr) throw new Error('Expected stderr as a pipe.');
  child.stdout?.destroy();
  const [err, [code]] = await Promise.all([text(stderr), once(child, 'close')]);
  return { code, err };
}
