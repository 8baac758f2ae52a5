import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { StartupError } from '../../common/errors.ts';
import { until } from '../support/until.ts';
import { compose, type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './test-gateway.ts';

/** Which supergraph is served: a valid one at startup, and the last valid one from then on. */
describe('gateway: the supergraph’s file', () => {
  let graph: SmallGraph;
  const started: TestGateway[] = [];

  beforeAll(async () => {
    graph = await startSmallGraph();
  });
  afterEach(async () => {
    for (const gateway of started.splice(0)) await gateway.stop();
  });
  afterAll(() => graph.stop());

  const start = async (options?: TestGatewayOptions): Promise<TestGateway> => {
    const gateway = await startTestGateway(graph, options);
    started.push(gateway);
    return gateway;
  };
  const failure = (options: TestGatewayOptions): Promise<StartupError> =>
    start(options).then(
      () => {
        throw new Error('The gateway was expected not to start.');
      },
      (error: unknown) => error as StartupError,
    );
  const production = {
    NODE_ENV: 'production',
    SUBGRAPH_AUTHORS_IDENTITY_KEY: 'a-production-key-of-at-least-32-bytes',
    SUBGRAPH_BOOKS_IDENTITY_KEY: 'another-production-key-of-at-least-32-bytes',
  };

  it.each([
    ['an empty file', '', /"[^"]+supergraph\.graphql" cannot be served: it is empty\.$/],
    [
      'a syntax error',
      'type Query {\n  me: String\n',
      /cannot be served: it is malformed in line 3: Syntax Error/,
    ],
    ['a plain schema', 'type Query { me: String }', /cannot be served: it is not a supergraph/],
  ])('does not start with %s, and says what to do', async (_what, supergraph, message) => {
    const error = await failure({ supergraph });
    expect(error.code).toBe('SUPERGRAPH_INVALID');
    expect(error.message).toMatch(message);
    expect(error.advice).toContain('npm run compose');
  });

  it('does not start with a supergraph that it cannot execute', async () => {
    const supergraph = graph.supergraph.replace('title: String!', 'title: Missing!');
    const error = await failure({ supergraph });
    expect([error.name, error.code]).toEqual(['StartupError', 'SUPERGRAPH_INVALID']);
    expect(error.message).not.toContain('\n');
  });

  it('does not start without the file', async () => {
    const error = await failure({
      environment: { SUPERGRAPH_PATH: '/nowhere/supergraph.graphql' },
    });
    expect(error.message).toBe('The supergraph "/nowhere/supergraph.graphql" does not exist.');
  });

  it('does not start in production without the key of each subgraph, and names the variable', async () => {
    const { SUBGRAPH_BOOKS_IDENTITY_KEY: _key, ...without } = production;
    const missing = await failure({ environment: without });
    expect([missing.code, missing.message]).toEqual([
      'SETTING_INVALID',
      expect.stringMatching(/^SUBGRAPH_BOOKS_IDENTITY_KEY is missing/),
    ]);
    const development = await failure({
      environment: {
        ...production,
        SUBGRAPH_BOOKS_IDENTITY_KEY: 'development-only-identity-key-of-books',
      },
    });
    expect(development.message).toMatch(/^SUBGRAPH_BOOKS_IDENTITY_KEY is the development key/);
  });

  it('does not start on a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const error = await failure({ environment: { GATEWAY_PORT: String(port) } });
    server.close();
    expect(error.code).toBe('PORT_IN_USE');
    expect(error.message).toBe(`Port ${port} on 127.0.0.1 is in use.`);
    expect(error.advice).toContain('GATEWAY_PORT');
  });

  it('calls a subgraph at the address in the environment, not the composed one', async () => {
    const supergraph = compose([
      { ...graph.authors, url: 'http://127.0.0.1:9/graphql' },
      graph.books,
    ]);
    const gateway = await start({
      supergraph,
      environment: { SUBGRAPH_AUTHORS_URL: graph.authors.url },
    });
    expect((await gateway.ask('{ me }')).data).toEqual({ me: 'somebody' });
  });

  it('loads a new supergraph while serving, and keeps the previous one instead of an invalid one', async () => {
    const gateway = await start();
    const extended = compose([
      graph.authors,
      {
        ...graph.books,
        sdl: graph.books.sdl.replace('title: String!', 'title: String! pages: Int'),
      },
    ]);
    const knowsPages = async (): Promise<boolean> =>
      (await gateway.ask('{ __type(name: "Book") { fields { name } } }')).text.includes('pages');

    await writeFile(gateway.supergraphPath, extended);
    await until(knowsPages);
    const logged = gateway.log.length;
    await writeFile(gateway.supergraphPath, 'type Query {');
    await until(async () =>
      gateway.log.slice(logged).some(({ msg }) => String(msg).startsWith('supergraph refused')),
    );
    expect(await knowsPages()).toBe(true);
    expect((await gateway.ask('{ books { title } }')).data).toEqual({
      books: [{ title: 'Notes' }],
    });
  });

  it('loads each supergraph of a ConfigMap that is replaced', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'config-map-'));
    const path = join(folder, 'supergraph.graphql');
    const swap = async (version: number, supergraph: string): Promise<void> => {
      await mkdir(join(folder, `..${version}`));
      await writeFile(join(folder, `..${version}`, 'supergraph.graphql'), supergraph);
      await symlink(`..${version}`, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    try {
      await swap(0, graph.supergraph);
      await symlink('..data/supergraph.graphql', path);
      const gateway = await start({ environment: { SUPERGRAPH_PATH: path } });
      for (const version of [1, 2, 3]) {
        const field = `field${version}`;
        const sdl = graph.books.sdl.replace('title: String!', `title: String! ${field}: Int`);
        await swap(version, compose([graph.authors, { ...graph.books, sdl }]));
        await until(async () =>
          (await gateway.ask('{ __type(name: "Book") { fields { name } } }')).text.includes(field),
        );
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses a new supergraph with a subgraph that production has no key for', async () => {
    const gateway = await start({ environment: production });
    const sdl = 'type Query { weather: String }';
    const extra = { name: 'weather', url: 'http://127.0.0.1:9/', sdl };
    await writeFile(gateway.supergraphPath, compose([graph.authors, graph.books, extra]));
    await until(async () =>
      gateway.log.some(({ reason }) => String(reason).includes('SUBGRAPH_WEATHER_IDENTITY_KEY')),
    );
    expect((await gateway.ask('{ weather }')).status).toBe(400);
  });
});
