import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { graphql, parse } from 'graphql';
import { bigSupergraph } from '../support/big-supergraph.ts';
import { commandsNamed, readCommands, runInShell } from '../support/documented-commands.ts';
import { linkFederation } from '../support/federation.ts';
import { patienceMs } from '../support/patience.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])\n`;
const products = `${link}
type Query { products: [Product!]! }
type Product @key(fields: "id") { id: ID! name: String! oldName: String }
`;
const reviews = `${link}
type Query { reviews: [Review!]! @authenticated }
type Review { stars: Int! product: Product! }
type Product @key(fields: "id") { id: ID! reviews: [Review!]! }
`;

const tagged = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])
type Query {
  products: Int @tag(name: "public")
  other: Int
  orders: Int @tag(name: "internal")
}
`;

/** In a project that has one subgraph, asks another for its schema, and has none of this repository. */
describe('the checks as a package', () => {
  let project: string;
  let server: Server;
  let served = reviews;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void answerWith(served, request).then((body) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    project = await mkdtemp(join(tmpdir(), 'checks-'));
    await install('composition', 'supergraph-checks', project);
    const { port } = server.address() as AddressInfo;
    await writeFile(join(project, '.gitignore'), 'node_modules\n*.tgz\n');
    await writeFile(join(project, 'products.graphql'), products);
    await writeFile(join(project, 'cards.graphql'), 'query Cards { products { name } }');
    await writeFile(
      join(project, 'supergraph.yaml'),
      `subgraphs:
  products: { routing_url: http://products/graphql, schema: { file: ./products.graphql } }
  reviews:
    routing_url: http://reviews/graphql
    schema: { subgraph_url: "http://127.0.0.1:${port}/graphql" }
`,
    );
    git('init', '--quiet', '--initial-branch=main');
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(project, { recursive: true });
  });

  const git = (...args: readonly string[]): string =>
    execFileSync(
      'git',
      ['-C', project, '-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args],
      { encoding: 'utf8' },
    );
  /** As npm finds it, which links the command here. */
  const supergraph = (...args: readonly string[]): Promise<Output> => {
    const PATH = [join(project, 'node_modules/.bin'), process.env.PATH].join(delimiter);
    return run(project, 'supergraph', args, { ...process.env, PATH, npm_lifecycle_event: '' });
  };

  it('brings nothing of the shop, no server, no database and no tests', async () => {
    const folder = join(project, 'node_modules/supergraph-checks');
    const files = await readdir(folder, { recursive: true });
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'check-report.schema.json']),
    );
    expect(files.filter((file) => /[.]test[.]|[.]ts$/.test(file))).toEqual([]);
    const folders = new Set(files.map((file) => file.split('/')[1] ?? '').filter(Boolean));
    expect([...folders].sort()).toEqual(['common', 'composition', 'engine']);
    // Most of them are what Apollo's composition needs.
    const installed = await readdir(join(project, 'node_modules'));
    expect(installed.length).toBeLessThan(100);
    expect(installed).toEqual(expect.arrayContaining(['graphql', 'zod']));
    const ofServers = /^(fastify|pg|kysely|undici|tsx|pino|ioredis)|pglite|grpc/;
    expect(installed.filter((name) => ofServers.test(name))).toEqual([]);
    expect(await readdir(join(project, 'node_modules/@apollo'))).not.toContain('server');
    expect((await manifestOf(folder)).version).toBe((await manifestOf('.')).version);
  });

  it('says how to call it', async () => {
    const { code, out } = await supergraph('check', '--help');
    expect(code).toBe(0);
    expect(out).toContain('Usage: supergraph check [options]');
  });

  it('composes a file and a subgraph that it asks, and refuses to ask by itself', async () => {
    expect(await supergraph('compose')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--introspect'),
    });
    expect(await supergraph('compose', '--introspect')).toMatchObject({ code: 0 });
    expect(await readFile(join(project, 'supergraph.graphql'), 'utf8')).toContain('oldName');
    git('add', '--all');
    git('commit', '--quiet', '-m', 'the graph');
  });

  it('checks both against a commit: a field that an operation asks for, and a rule of access that is gone', async () => {
    git('switch', '--quiet', '--create', 'change');
    const operations = ['--operations', 'cards.graphql'];
    const checked = (): Promise<Output> =>
      supergraph('check', '--introspect', '--base', 'main', ...operations);
    expect(await checked()).toMatchObject({ code: 0 });
    await writeFile(join(project, 'products.graphql'), products.replace('name: String! ', ''));
    const broken = await checked();
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/error FIELD_REMOVED.* Product\.name[\s\S]*Cards \(cards\.graphql/);
    await writeFile(join(project, 'products.graphql'), products);
    served = reviews.replace(' @authenticated', '');
    const weakened = await checked();
    expect(weakened.out).toContain('Query.reviews');
    expect(weakened.code).toBe(1);
    served = reviews.replace('type Review {', 'type Review { by: Nowhere');
    expect(await checked()).toMatchObject({ code: 2 });
    served = reviews;
    expect(await supergraph('check', '--base', 'nowhere')).toMatchObject({ code: 2 });
    expect(await supergraph('check', '--introspect', '--base', 'nowhere')).toMatchObject({
      code: 3,
    });
  });

  it('says which package the other composer needs', async () => {
    expect(await supergraph('compose', '--introspect', '--composer', 'guild')).toMatchObject({
      code: 3,
      err: expect.stringContaining('npm install --save-dev @theguild/federation-composition'),
    });
  });

  it('says what it is at while it composes a large graph', async () => {
    const folder = join(project, 'large');
    await mkdir(folder);
    const schemas = Object.entries(bigSupergraph({ subgraphs: 12, entitiesEach: 20 }));
    const lines = schemas.map(
      ([name]) =>
        `  ${name}: { routing_url: "http://127.0.0.1/${name}", schema: { file: ${name}.graphql } }\n`,
    );
    await writeFile(join(folder, 'supergraph.yaml'), `subgraphs:\n${lines.join('')}`);
    for (const [name, sdl] of schemas) {
      await writeFile(join(folder, `${name}.graphql`), linkFederation + sdl);
    }
    const { code, err } = await supergraph(
      ...['compose', '--no-cache', '--config', 'large/supergraph.yaml'],
    );
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/merging the subgraphs[^:]*checking that every query/),
    });
  });

  it('waits for a subgraph that does not answer, and says for which', async () => {
    const silent = createServer(() => undefined);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await writeFile(
      join(project, 'silent.yaml'),
      `subgraphs: { slow: { schema: { subgraph_url: "http://127.0.0.1:${port}/" } } }`,
    );
    const { code, err } = await supergraph('compose', '--introspect', '--config', 'silent.yaml');
    silent.closeAllConnections();
    silent.close();
    expect(code).toBe(2);
    expect(err).toMatch(/ s {2}waiting for the schemas of slow\n[\s\S]*does not answer/);
  });

  describe('its README', () => {
    const document = 'composition/README.md';
    let folder: string;

    beforeAll(async () => {
      folder = join(project, 'readme');
      await mkdir(folder);
      await writeFile(join(folder, 'products.graphql'), tagged);
      await writeFile(
        join(folder, 'supergraph.yaml'),
        `subgraphs: { products: { routing_url: "http://products/graphql", schema: { file: products.graphql } } }
contracts: { public: { include: [public], exclude: [internal], output: ./public.graphql } }
`,
      );
      git('-C', folder, 'init', '--quiet', '--initial-branch=main');
      git('-C', folder, 'add', '--all');
      git('-C', folder, 'commit', '--quiet', '-m', 'the graph');
    });

    const runBlock = async (name: string): Promise<string> => {
      const commands = commandsNamed(await readCommands(document), name);
      return runInShell(commands, { cwd: folder, environment: { npm_config_offline: 'true' } });
    };

    it('says for each command that this runs it, or why nothing does', async () => {
      const blocks = await readCommands(document);
      expect(blocks.filter(({ kind }) => kind === 'unexplained')).toEqual([]);
      const names = blocks.flatMap((each) => (each.kind === 'run' ? [each.name] : []));
      expect(names).toEqual(['first-round', 'contracts', 'cache', 'composer']);
    });

    it('has a first round that works', async () => {
      const out = await runBlock('first-round');
      expect(out).toContain('Check passed: nothing found.');
      expect(out).toContain('type Query {\n  products: Int\n}');
      expect(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))).toMatchObject({
        passed: true,
        looked: { contracts: 1 },
      });
    });

    it('makes and checks contracts', async () => {
      expect(await runBlock('contracts')).toContain('Wrote public.graphql.');
      const written = await readFile(join(folder, 'without-internal.graphql'), 'utf8');
      expect(written).toContain('@inaccessible');
    });

    it('says where the cache is', async () => {
      expect(await runBlock('cache')).toContain('Check passed: nothing found.');
      expect(await readdir(join(folder, '.git'))).not.toContain('supergraph');
    });

    it('composes with The Guild’s composer once it is installed', async () => {
      const name = '@theguild/federation-composition';
      for (const each of [name, ...(await closureOf(await manifestOf(`node_modules/${name}`)))]) {
        await cp(resolve('node_modules', each), join(project, 'node_modules', each), {
          recursive: true,
        });
      }
      expect(await runBlock('composer')).toContain('Check passed: nothing found.');
    });
  });

  it('plans an operation over both', async () => {
    await writeFile(join(project, 'stars.graphql'), '{ products { name reviews { stars } } }');
    const { code, out } = await supergraph('plan', '--introspect', 'stars.graphql');
    expect(code).toBe(0);
    expect(out).toMatch(/products[\s\S]*reviews/);
  });
});

/** Packs a workspace and puts it into a project as npm does, with what it depends on. */
async function install(workspace: string, name: string, project: string): Promise<void> {
  const packed = await run(workspace, 'npm', ['pack', '--json', '--pack-destination', project]);
  const [{ filename }] = JSON.parse(packed.out) as [{ readonly filename: string }];
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, name, '..'), { recursive: true });
  await mkdir(join(modules, name));
  const archive = ['-xzf', join(project, filename), '--strip-components', '1'];
  await run(project, 'tar', [...archive, '-C', join(modules, name)]);
  for (const each of await closureOf(await manifestOf(join(modules, name)))) {
    await cp(resolve('node_modules', each), join(modules, each), { recursive: true });
  }
  await writeFile(join(project, 'package.json'), '{ "private": true }');
  // Links the command; everything is there already.
  const { code, err } = await run(project, 'npm', ['rebuild', '--ignore-scripts', name]);
  if (code !== 0) throw new Error(err);
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The names of all packages that one depends on, as they are installed here. */
async function closureOf({ dependencies = {} }: Manifest): Promise<ReadonlySet<string>> {
  const found = new Set(Object.keys(dependencies));
  for (const name of found) {
    const { dependencies: needed = {} } = await manifestOf(resolve('node_modules', name));
    for (const each of Object.keys(needed)) found.add(each);
  }
  return found;
}

/** As a subgraph answers `_service`. */
async function answerWith(sdl: string, request: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { query } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly query: string };
  try {
    const schema = buildSubgraphSchema([{ typeDefs: parse(sdl) }]);
    return JSON.stringify(await graphql({ schema, source: query }));
  } catch {
    // A subgraph of another kind, which serves what its author wrote.
    return JSON.stringify({ data: { _service: { sdl } } });
  }
}

interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(
  cwd: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Output> {
  return new Promise((done) => {
    execFile(program, args, { cwd, env, timeout: 2 * patienceMs }, (error, out, err) =>
      done({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
  });
}
