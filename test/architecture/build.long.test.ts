import { execFile } from 'node:child_process';
import {
  access,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
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

  it('is a package with which an Apollo Server runs and type-checks, without @apollo/gateway', async () => {
    const project = await mkdtemp(join(tmpdir(), 'consumer-'));
    await install(image, project);
    const use = (supergraphSdl: string): string => `
      import { readFileSync } from 'node:fs';
      import { ApolloServer } from '@apollo/server';
      import { startStandaloneServer } from '@apollo/server/standalone';
      import { SupergraphGateway } from 'supergraph/gateway';
      const supergraphSdl = ${supergraphSdl};
      const gateway = new SupergraphGateway({ supergraphSdl });
      const server = new ApolloServer({ gateway });
      const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
      const response = await fetch(\`\${url}?query={__typename}\`, { headers: { 'apollo-require-preflight': '1' } });
      console.error(await response.text());
      await server.stop();`;
    await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    await writeFile(
      join(project, 'right.ts'),
      use("readFileSync('node_modules/supergraph/dist/supergraph.graphql', 'utf8')"),
    );
    await writeFile(join(project, 'wrong.ts'), use('5'));
    // Apollo Server has types of its own for CommonJS, which do not take those for ES modules.
    await writeFile(
      join(project, 'commonjs.cts'),
      `import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
      import { operationLimits, SupergraphGateway } from 'supergraph/gateway';
      interface Context { readonly user: string }
      const plugin: ApolloServerPlugin<Context> = operationLimits<Context>({ onOperation: (_, { user }) => void user });
      export const server = new ApolloServer<Context>({
        gateway: new SupergraphGateway({ supergraphSdl: '' }),
        plugins: [plugin, operationLimits()],
      });`,
    );
    // All libraries are checked, too: there is no --skipLibCheck.
    const checked = await node(project, [
      resolve('node_modules/typescript/bin/tsc'),
      ...['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'],
      ...['right.ts', 'wrong.ts', 'commonjs.cts'],
    ]);
    const errors = checked.err.split('\n').filter((line) => /^\S/.test(line));
    expect(errors).toEqual([expect.stringMatching(/^wrong\.ts.*number.*is not assignable/)]);
    const { code, err } = await node(project, ['right.js']);
    expect(err.trim()).toMatch(/\{"data":\{"__typename":"Query"\}\}$/);
    expect(code).toBe(0);
    expect(await node(project, ['commonjs.cjs'])).toEqual({ code: 0, err: '' });
    await rm(project, { recursive: true });
  });

  it.each([
    ['subgraphs/users/grant-role.js', 'the way to the first admin'],
    ['storefront/migrate.js', 'Applies the migrations'],
    ['storefront/remove-demonstration-data.js', 'Removes the demonstration accounts'],
  ])('has the command %s for a machine without npm', async (entry, what) => {
    const { code, err: printed } = await node(image, [entry, '--help']);
    expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining(what) });
    expect(printed).toContain(`node ${entry}`);
  });

  it.each([
    ['gateway/main.js', { GATEWAY_PORT: 'abc' }, [/^error GATEWAY_PORT: /]],
    ['subgraphs/users/main.js', { USERS_PORT: 'abc' }, [/^error USERS_PORT: /]],
    [
      'subgraphs/products/main.js',
      { NODE_ENV: 'production', DEMO_DATA: 'true' },
      [/^error 3 settings/, /PRODUCTS_IDENTITY_KEY /, /DEMO_DATA asks/, /DATABASE_URL is missing/],
    ],
  ])('emits a %s that refuses bad settings %j, a line each', async (entry, settings, expected) => {
    const { code, err } = await node(image, [entry], settings);
    expect(code).toBe(1);
    const lines = err.trimEnd().split('\n');
    expect(lines).toEqual([...expected, /^ {6}Nothing was started/].map(expect.stringMatching));
  });
});

/** Puts the package into a project, with the dependencies that it says it has and no others. */
async function install(image: string, project: string): Promise<void> {
  const modules = join(project, 'node_modules');
  const installed = join(modules, 'supergraph');
  await mkdir(join(modules, '@types'), { recursive: true });
  await cp(image, join(installed, 'dist'), {
    recursive: true,
    filter: (source) => !source.startsWith(join(image, 'node_modules')),
  });
  await copyFile('package.json', join(installed, 'package.json'));
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  expect(dependencies).not.toHaveProperty('@apollo/gateway');
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(resolve('node_modules', name), join(modules, name));
  }
}

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
