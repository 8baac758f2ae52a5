import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The user's project, with another version of `graphql` than this one. */
const beside = ['graphql', '@apollo/server', '@types/node', 'undici-types'];

describe('the engine as a package', () => {
  let project: string;
  const modules = (): string => join(project, 'node_modules');

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'consumer-'));
    const packed = await run('engine', 'npm', ['pack', '--json', '--pack-destination', project]);
    const [{ filename }] = JSON.parse(packed.out) as [{ readonly filename: string }];
    await mkdir(join(modules(), 'supergraph-gateway'), { recursive: true });
    const archive = ['-xzf', join(project, filename), '--strip-components', '1'];
    await run(project, 'tar', [...archive, '-C', join(modules(), 'supergraph-gateway')]);
    const needed = await closureOf(['supergraph-gateway', ...beside], modules());
    for (const name of needed) {
      const from = name === 'graphql' ? 'graphql-16.11' : name;
      await cp(resolve('node_modules', from), join(modules(), name), { recursive: true });
    }
  });

  afterAll(() => rm(project, { recursive: true }));

  it('installs fewer than 15 packages and 8 MB', async () => {
    const installed = [
      'supergraph-gateway',
      ...(await closureOf(['supergraph-gateway'], modules())),
    ];
    expect(installed.length).toBeLessThan(15);
    const sizes = await Promise.all(installed.map((name) => bytesOf(join(modules(), name))));
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(8 * 1024 * 1024);
  });

  it('has a version, a licence, a text to read first and no tests', async () => {
    const files = await readdir(join(modules(), 'supergraph-gateway'), { recursive: true });
    expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'index.d.cts']));
    expect(files.filter((file) => /[.]test[.]|(?<![.]d)[.]ts$/.test(file))).toEqual([]);
    const { version } = await manifestOf(join(modules(), 'supergraph-gateway'));
    expect(version).toBe((await manifestOf('.')).version);
  });

  it.each([
    ['nodenext', 'nodenext', 'mts'],
    ['nodenext', 'nodenext', 'cts'],
    ['node16', 'node16', 'mts'],
    ['node16', 'node16', 'cts'],
    ['esnext', 'bundler', 'mts'],
  ])(
    'type-checks with module %s and moduleResolution %s in a .%s',
    async (module, resolution, ending) => {
      const right = `right-${module}.${ending}`;
      const wrong = `wrong-${module}.${ending}`;
      await writeFile(join(project, right), server('sdl'));
      await writeFile(join(project, wrong), server('5'));
      // All libraries are checked too: there is no --skipLibCheck.
      const { out } = await run(project, process.execPath, [
        resolve('node_modules/typescript/bin/tsc'),
        ...['--strict', '--noEmit', '--target', 'es2023', '--types', 'node'],
        ...['--module', module, '--moduleResolution', resolution, right, wrong],
      ]);
      const errors = out.split('\n').filter((line) => /^\S/.test(line));
      expect(errors).toEqual([expect.stringMatching(/^wrong-.*number.*is not assignable/)]);
    },
  );

  it.each([
    ['an ES module', 'mts', 'mjs'],
    ['CommonJS', 'cts', 'cjs'],
  ])(
    'answers in an Apollo Server of %s, next to another version of graphql',
    async (_name, ending, compiled) => {
      const file = `run.${ending}`;
      await writeFile(join(project, file), server('sdl'));
      await run(project, process.execPath, [
        resolve('node_modules/typescript/bin/tsc'),
        ...['--noCheck', '--target', 'es2023', '--module', 'nodenext', file],
      ]);
      await cp('supergraph.graphql', join(project, 'supergraph.graphql'));
      const { code, out, err } = await run(project, process.execPath, [`run.${compiled}`]);
      expect({ code, out, err }).toEqual({
        code: 0,
        out: '{"data":{"__typename":"Query"}}\n',
        err: expect.not.stringContaining('Error'),
      });
      expect((await manifestOf(join(modules(), 'graphql'))).version).toBe('16.11.0');
    },
  );
});

/** A user's server with this supergraph. */
function server(supergraphSdl: string): string {
  return `
    import { readFileSync } from 'node:fs';
    import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
    import { operationLimits, SupergraphGateway, type SupergraphGatewayOptions } from 'supergraph-gateway';
    interface Context { readonly user: string }
    const limits: ApolloServerPlugin<Context> = operationLimits<Context>({
      limits: { maxDepth: 12 },
      onOperation: (_, { user }) => void user,
    });
    const sdl = readFileSync('supergraph.graphql', 'utf8');
    const options: SupergraphGatewayOptions = {
      supergraphSdl: ${supergraphSdl},
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    };
    const gateway: SupergraphGateway = new SupergraphGateway(options);
    const server = new ApolloServer<Context>({ gateway, plugins: [limits] });
    const main = async (): Promise<void> => {
      const answer = await server.executeOperation(
        { query: '{ __typename }' },
        { contextValue: { user: 'anna' } },
      );
      if (answer.body.kind === 'single') console.log(JSON.stringify(answer.body.singleResult));
      await server.stop();
    };
    void server.start().then(main);`;
}

/** The names of all packages that these depend on, some of which are in `modules` and the others here. */
async function closureOf(names: readonly string[], modules: string): Promise<readonly string[]> {
  const found = new Set<string>();
  const left = [...names];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const isOurs = name === 'supergraph-gateway';
    if (!isOurs) found.add(name);
    const folder = isOurs ? join(modules, name) : resolve('node_modules', name);
    const { dependencies = {} } = await manifestOf(folder);
    left.push(...Object.keys(dependencies).filter((each) => !found.has(each)));
  }
  return [...found];
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(cwd: string, program: string, args: readonly string[]): Promise<Output> {
  return new Promise((done) => {
    execFile(program, args, { cwd, timeout: 2 * patienceMs }, (error, out, err) =>
      done({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
  });
}
