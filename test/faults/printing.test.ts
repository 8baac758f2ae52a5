import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Logs and prints for a while, like a service; then reports on a third channel that it is alive. */
const program = `
  import { writeSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { createLogger } from './common/logger.ts';
  import { runProcess } from './common/process.ts';
  const log = createLogger('test', 'info');
  await runProcess(async () => {
    for (let line = 0; line < 20; line += 1) {
      log.info({ padding: 'x'.repeat(2_000) }, 'a line');
      process.stdout.write('printed\\n');
      process.stderr.write('printed\\n');
      await setTimeout(20);
    }
    writeSync(3, 'alive');
    // As a server that listens keeps its process.
    setInterval(() => undefined, 1_000);
    process.kill(process.pid, 'SIGTERM');
    return { stop: () => Promise.resolve() };
  });
`;

/** Logs two lines with a second after each, and reports how often that wrote. */
const quietProgram = `
  import fs from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { createLogger } from './common/logger.ts';
  let writes = 0;
  const { write } = fs;
  fs.write = (...args) => {
    writes += 1;
    return write(...args);
  };
  const log = createLogger('test', 'info');
  for (const line of ['one', 'two']) {
    log.info(line);
    await setTimeout(1_000);
    fs.writeSync(3, line + ' ');
  }
  fs.writeSync(3, String(writes));
`;

/** Output that cannot be written does not end a service. */
describe('faults/printing', () => {
  const onFullDevice = existsSync('/dev/full') ? it : it.skip;

  onFullDevice(
    'keeps running, and ends regularly, with a full disk (skipped where there is no /dev/full)',
    async () => {
      const full = openSync('/dev/full', 'w');
      const child = run(full);
      closeSync(full);
      expect(await saidOf(child)).toBe('alive');
    },
  );

  it('keeps running, and ends regularly, when the reader has gone', async () => {
    const child = run('pipe');
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect(await saidOf(child)).toBe('alive');
  });

  it('writes each line soon, and nothing while there is none', async () => {
    const child = run('pipe', quietProgram);
    let seen = '';
    child.stdio[3]?.on('data', (chunk) => (seen += String(chunk)));
    // In the order of arrival: each line is there before the report that follows a second later.
    child.stdout?.on('data', (chunk) => {
      for (const [line] of String(chunk).matchAll(/"msg":"\w+"/g)) seen += `${line} `;
    });
    const said = await saidOf(child);
    expect(seen.startsWith('"msg":"one" one "msg":"two" two ')).toBe(true);
    // The two lines, and once for each that there is no other: not ten times a second.
    expect(Number(said.split(' ').at(-1))).toBeLessThan(8);
  });
});

function run(output: number | 'pipe', text = program): ChildProcess {
  const args = ['--import', 'tsx', '--input-type=module', '-e', text];
  return spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', output, output, 'pipe'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  });
}

/** The output of a process on the third channel when it has ended successfully. */
async function saidOf(child: ChildProcess): Promise<string> {
  let said = '';
  child.stdio[3]?.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return said;
}
