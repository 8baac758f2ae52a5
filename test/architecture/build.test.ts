import { execFile } from 'node:child_process';
import {
  access,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

describe('npm run build', () => {
  /** Laid out as the container image is. */
  let image: string;

  beforeAll(async () => {
    image = await mkdtemp(join(tmpdir(), 'image-'));
    const { code, err } = await node('.', ['--import', 'tsx', 'tools/build.ts', '--out', image]);
    if (code !== 0) throw new Error(err);
    await copyFile('package.json', join(image, 'package.json'));
    await symlink(resolve('node_modules'), join(image, 'node_modules'));
  }, 120_000);

  afterAll(() => rm(image, { recursive: true }));

  it('emits JavaScript and what it reads, and no tests', async () => {
    const files = await readdir(image, { recursive: true });
    expect(
      files.filter(
        (file) => /[.]test[.]|(?<![.]d)[.]ts$/.test(file) && !file.startsWith('node_modules'),
      ),
    ).toEqual([]);
    for (const file of [
      'supergraph.graphql',
      'subgraphs/users/schema.graphql',
      'subgraphs/orders/data/migrations/0001_orders.sql',
    ]) {
      await access(join(image, file));
    }
  });

  it('has the gateway under the name by which an Apollo Server imports it, with its types', async () => {
    // A project that depends on this one as a package.
    const project = await mkdtemp(join(tmpdir(), 'consumer-'));
    const installed = join(project, 'node_modules', 'supergraph');
    await mkdir(installed, { recursive: true });
    await copyFile('package.json', join(installed, 'package.json'));
    await symlink(image, join(installed, 'dist'));
    for (const name of ['@apollo', '@types', 'graphql', 'undici-types']) {
      await symlink(resolve('node_modules', name), join(project, 'node_modules', name));
    }
    const use = (supergraphSdl: string): string => `
      import { ApolloServer } from '@apollo/server';
      import { SupergraphGateway } from 'supergraph/gateway';
      export const server = new ApolloServer({ gateway: new SupergraphGateway({ supergraphSdl: ${supergraphSdl} }) });`;
    await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    await writeFile(join(project, 'right.ts'), use("'schema { query: Query }'"));
    await writeFile(join(project, 'wrong.ts'), use('5'));
    const check = (file: string) =>
      node(project, [
        resolve('node_modules/typescript/bin/tsc'),
        ...['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'],
        ...['--types', 'node', '--preserveSymlinks', file],
      ]);
    const [right, wrong] = await Promise.all([check('right.ts'), check('wrong.ts')]);
    expect(right).toMatchObject({ code: 0 });
    expect(wrong.err).toMatch(/wrong\.ts.*number.*is not assignable/s);
    const { code } = await node(project, [
      '--input-type=module',
      '--eval',
      "if (typeof (await import('supergraph/gateway')).SupergraphGateway !== 'function') process.exit(3)",
    ]);
    expect(code).toBe(0);
    await rm(project, { recursive: true });
  }, 60_000);

  it.each([
    ['gateway/main.js', { GATEWAY_PORT: 'abc' }, /GATEWAY_PORT/],
    ['subgraphs/users/main.js', { USERS_PORT: 'abc' }, /USERS_PORT/],
    [
      'subgraphs/products/main.js',
      { NODE_ENV: 'production', DEMO_DATA: 'true' },
      /PRODUCTS_IDENTITY_KEY|DEMO_DATA/,
    ],
  ])('emits a %s that refuses bad settings %j in one line', async (entry, settings, expected) => {
    const { code, err } = await node(image, [entry], settings);
    expect(code).toBe(1);
    const [line, advice, ...more] = err.trimEnd().split('\n');
    expect(line).toMatch(/^error /);
    expect(line).toMatch(expected);
    expect(advice).toMatch(/^ {6}\S/);
    expect(more).toEqual([]);
  });
});

function node(
  cwd: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<{ code: number; err: string }> {
  const env = { PATH: process.env.PATH, NO_COLOR: '1', ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env, timeout: 100_000 }, (error, out, err) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
        err: err || out,
      });
    });
  });
}
