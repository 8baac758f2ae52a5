import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Answers in a process of its own, so that an end of the native planner is seen and not shared. */
function answerInAProcess(...args: readonly string[]): unknown {
  const script = 'test/gateway/planning/answer-in-a-process.ts';
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', script, ...args],
    { cwd: repository, encoding: 'utf8', env: { ...process.env, RUST_BACKTRACE: '0' } },
  );
  if (status !== 0) return { signal, stderr };
  return JSON.parse(stdout);
}

describe('planning/native-planner', () => {
  it.each(['auto', 'native'])(
    'answers the operation that ended its process, and others like it: %s',
    (planner) => {
      expect(answerInAProcess(planner, '1', '400')).toEqual({ answered: 188, wrong: [] });
    },
    60_000,
  );
});
