import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { link } from './composed-folder.ts';
import { listOf, withRepository } from './git-repository.ts';
import { runSupergraphIn } from './run-supergraph.ts';

const files = {
  'supergraph.yaml': listOf('a'),
  'schemas/a.graphql': `${link}\ntype Query {\n  a: Int\n  b: Int\n}\n`,
  'ops/a.graphql': 'query A { a }',
};

describe('--watch', () => {
  it('checks again when a schema, the settings or an operation changes, whatever the last run said', async () => {
    await withRepository(async ({ folder, commit, write }) => {
      await commit(files);
      const { lines, stop } = watching(
        'check',
        ...['--config', join(folder, 'supergraph.yaml')],
        ...['--operations', join(folder, 'ops/*.graphql')],
      );
      const runs = (): number => lines.filter((line) => line.startsWith('Watching')).length;
      const ran = async (count: number): Promise<string> => {
        await eventually(runs, (found) => found === count);
        return lines.splice(0).join('\n');
      };
      expect(await ran(1)).toContain('Check passed');
      await write({ 'schemas/a.graphql': `${link}\ntype Query {\n  a: Int\n}\n` });
      expect(await ran(1)).toMatch(
        /Changed: \S+a\.graphql\.\n[^]*error FIELD_REMOVED [^]*Query\.b/,
      );
      await write({ 'schemas/a.graphql': 'type Query {' });
      expect(await ran(1)).toContain('do not compose');
      await write({
        'schema-check.yaml': 'unknown: true\n',
        'schemas/a.graphql': files['schemas/a.graphql'],
      });
      expect(await ran(1)).toContain('schema-check.yaml:1:1');
      await rm(join(folder, 'schema-check.yaml'));
      expect(await ran(1)).toContain('Check passed');
      await write({ 'ops/b.graphql': 'query B { c }' });
      expect(await ran(1)).toMatch(/Changed: \S+ops\/b\.graphql\./);
      expect(await stop()).toBe(0);
    });
  });

  it('writes what compose writes, and ends with 0 at a signal', async () => {
    await withRepository(async ({ folder, write }) => {
      await write(files);
      const child = spawn(
        process.execPath,
        [
          '--import',
          'tsx',
          resolve('composition/cli.ts'),
          'compose',
          '--watch',
          '--no-cache',
        ].concat('--config', join(folder, 'supergraph.yaml')),
        { stdio: ['ignore', 'pipe', 'pipe'] },
      );
      try {
        const api = (): Promise<string> =>
          readFile(join(folder, 'api.graphql'), 'utf8').catch(() => '');
        await eventually(api, (text) => text.includes('b: Int'));
        await writeFile(join(folder, 'schemas/a.graphql'), `${link} type Query { z: Int }`);
        await eventually(api, (text) => text.includes('z: Int'));
        child.kill('SIGTERM');
        expect(await once(child, 'exit')).toEqual([0, null]);
      } finally {
        child.kill('SIGKILL');
      }
    });
  });
});

/** Runs a command with --watch until it is stopped. */
function watching(...args: readonly string[]) {
  const lines: string[] = [];
  const stop = new AbortController();
  const write = (line: string): void => void lines.push(line);
  const untilStopped = async (): Promise<void> => {
    await once(stop.signal, 'abort');
  };
  const ended = runSupergraphIn({ out: write, err: write, untilStopped }, ...args, '--watch');
  return {
    lines,
    stop: async () => {
      stop.abort();
      return (await ended).code;
    },
  };
}
