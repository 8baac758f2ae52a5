import { execFile } from 'node:child_process';
import { access, copyFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';

describe('npm run build', () => {
  /** The layout of the container image. */
  let image: string;

  beforeAll(async () => {
    image = await mkdtemp(join(tmpdir(), 'image-'));
    const { code, err } = await node('.', ['--import', 'tsx', 'tools/build.ts', '--out', image]);
    if (code !== 0) throw new Error(err);
    await copyFile('package.json', join(image, 'package.json'));
    await symlink(resolve('node_modules'), join(image, 'node_modules'));
  });

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

  it.each([
    ['subgraphs/users/grant-role.js', 'This creates the first admin'],
    ['storefront/migrate.js', 'Applies the migrations'],
    ['storefront/remove-demonstration-data.js', 'Removes the demonstration accounts'],
  ])('has the command %s for use without npm', async (entry, what) => {
    const { code, err: printed } = await node(image, [entry, '--help']);
    expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining(what) });
    expect(printed).toContain(`node ${entry}`);
  });

  it.each([
    ['storefront/gateway.js', { GATEWAY_PORT: 'abc' }, [/^error GATEWAY_PORT: /]],
    ['subgraphs/users/main.js', { USERS_PORT: 'abc' }, [/^error USERS_PORT: /]],
    [
      'subgraphs/products/main.js',
      { NODE_ENV: 'production', DEMO_DATA: 'true' },
      [/^error 3 settings/, /PRODUCTS_IDENTITY_KEY /, /DEMO_DATA asks/, /DATABASE_URL is missing/],
    ],
  ])(
    'emits a %s that refuses invalid settings %j, one line each',
    async (entry, settings, expected) => {
      const { code, err } = await node(image, [entry], settings);
      expect(code).toBe(1);
      const lines = err.trimEnd().split('\n');
      expect(lines).toEqual([...expected, /^ {6}Nothing was started/].map(expect.stringMatching));
    },
  );
});

function node(
  cwd: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<{ code: number; err: string }> {
  const env = { PATH: process.env.PATH, NO_COLOR: '1', ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env, timeout: 2 * patienceMs }, (error, out, err) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
        err: err || out,
      });
    });
  });
}
