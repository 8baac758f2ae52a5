import { execFile, execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { composeApartUntil } from '../../composition/apart/compose-apart.ts';
import { composeSubgraphs } from '../../composition/compose-subgraphs.ts';
import { SubgraphSource } from '../../composition/subgraph-source.ts';
import { bigSupergraph } from '../support/big-supergraph.ts';
import { linkFederation } from '../support/federation.ts';
import { type Repository, withRepository } from './git-repository.ts';
import { type Ran, runSupergraph } from './run-supergraph.ts';

describe('composing in processes of their own', () => {
  it('says the same as in one process, and what both are at', async () => {
    await withLargeChange(async (repository) => {
      const args = argsOf(repository);
      const [apart, here] = [await run(args), await runSupergraph(...args)];
      expect(apart.code).toBe(1);
      expect(apart.out).toContain('error FIELD_REMOVED');
      expect(apart.out).toBe(here.out);
      for (const err of [apart.err, here.err]) {
        expect(err).toMatch(/ s {2}merging the subgraphs$/m);
        expect(err).toMatch(/ s {2}base main \(merge base .*\): merging the subgraphs$/m);
      }
    });
  });

  it('explains what does not compose as in one process, and leaves no process behind', async () => {
    await withLargeChange(async (repository) => {
      await repository.write({ 'graph1.graphql': `${linkFederation}type Query { x: Missing }` });
      const args = argsOf(repository);
      const [apart, here] = [await run(args), await runSupergraph(...args)];
      expect(apart.code).toBe(2);
      expect(apart.out).toContain('Unknown type Missing');
      expect(apart.out).toBe(here.out);
      const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
      expect(processes).not.toContain(resolve('composition/apart/compose-in-a-process.ts'));
    });
  });

  // What runs tests cannot run TypeScript in a process that it starts.
  it('composes in this process where no other can, and says so', async () => {
    const told: string[] = [];
    const how = { composer: 'apollo', configFile: 'supergraph.yaml' } as const;
    const made = await composeApartUntil(new AbortController().signal)(small, how, (stage) =>
      told.push(stage),
    );
    expect(made).toEqual(await composeSubgraphs(small, how, () => undefined));
    expect(told[0]).toMatch(/^The process that composes ended with 1: composing in this process$/);
  });

  it('ends when it is told to', async () => {
    const how = { composer: 'apollo', configFile: 'supergraph.yaml' } as const;
    const ended = new AbortController();
    const made = composeApartUntil(ended.signal)(small, how, () => undefined);
    ended.abort(new Error('enough'));
    await expect(made).rejects.toThrow('enough');
  });
});

const small = [
  {
    entry: {
      name: 'a',
      routingUrl: 'http://127.0.0.1/a',
      schema: { kind: 'sdl', sdl: 'type Query { a: Int }' },
    },
    document: parse(new SubgraphSource('type Query { a: Int }', 'a.graphql', 'a')),
  },
] as const;

async function withLargeChange(use: (repository: Repository) => Promise<void>): Promise<void> {
  await withRepository(async (repository) => {
    const schemas = Object.entries(bigSupergraph({ subgraphs: 12, entitiesEach: 20 }));
    const list = schemas.map(
      ([name]) =>
        `  ${name}: { routing_url: "http://127.0.0.1/${name}", schema: { file: ${name}.graphql } }\n`,
    );
    const files = schemas.map(([name, sdl]) => [`${name}.graphql`, linkFederation + sdl] as const);
    await repository.commit({
      'supergraph.yaml': `subgraphs:\n${list.join('')}`,
      ...Object.fromEntries(files),
    });
    const [[name, sdl] = ['', '']] = files;
    await repository.write({ [name]: sdl.replace('rank: Float!', 'order: Float!') });
    await use(repository);
  });
}

function argsOf({ folder }: Repository): readonly string[] {
  return ['check', '--no-cache', '--config', join(folder, 'supergraph.yaml')];
}

function run(args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'composition/cli.ts', ...args],
      { timeout: 110_000, maxBuffer: 16 * 1024 * 1024 },
      (error, out, err) =>
        done({
          code: error ? Number(error.code ?? -1) : 0,
          out: out.trimEnd(),
          err: err.trimEnd(),
        }),
    );
  });
}
