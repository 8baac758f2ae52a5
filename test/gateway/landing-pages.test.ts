import { type IncomingHttpHeaders, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const html = { accept: 'text/html' };

/** The pages for trying out the graph: available in development, absent in production. */
describe('gateway: landing pages', () => {
  let graph: SmallGraph;
  let development: TestGateway;
  let production: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    development = await startTestGateway(graph);
    production = await startTestGateway(graph, {
      environment: {
        NODE_ENV: 'production',
        SUBGRAPH_AUTHORS_IDENTITY_KEY: 'a-production-key-of-at-least-32-bytes',
        SUBGRAPH_BOOKS_IDENTITY_KEY: 'another-production-key-of-at-least-32-bytes',
      },
    });
  });
  afterAll(async () => {
    await development.stop();
    await production.stop();
    await graph.stop();
  });

  const get = (gateway: TestGateway, path: string): Promise<Response> =>
    fetch(gateway.url + path, { headers: html, redirect: 'manual' });

  it('shows Apollo Sandbox to a browser, with query plans', async () => {
    const response = await get(development, '/sandbox');
    const page = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page).toContain('initialEndpoint = new URL("/graphql", window.location.href).href');
    expect(page).toContain('new window.EmbeddedSandbox');
    expect(page).toContain('"sharedHeaders":{"Apollo-Query-Plan-Experimental":"1"}');
  });

  it.each(['/', '/graphql'])(
    'links from %s to both tools, and needs no network itself',
    async (path) => {
      const response = await get(development, path);
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page).toContain('<a href="/graphiql">GraphiQL</a>');
      expect(page).toMatch(/<a href="\/sandbox">Apollo Sandbox<\/a>.*has to be online/);
      expect(page).not.toMatch(/<script|<link|<img/);
    },
  );

  it('links to the available tools', async () => {
    const other = await startTestGateway(graph, { settings: { landingPages: { sandbox: false } } });
    const page = await (await get(other, '/graphql')).text();
    expect(page).toContain('/graphiql');
    expect(page).not.toContain('/sandbox');
    expect((await get(other, '/sandbox')).status).toBe(404);
    await other.stop();
  });

  it('sends the query plan when Apollo’s tools request it, in development', async () => {
    const headers = { 'apollo-query-plan-experimental': '1' };
    const { extensions } = await development.ask('{ books { title author { name } } }', headers);
    const plan = String(extensions?.__queryPlanExperimental);
    expect(plan).toContain('QueryPlan {');
    expect(plan).toContain('Fetch(service: "books")');
    expect(plan).toContain('Fetch(service: "authors")');
    expect((await development.ask('{ me }')).extensions).toBeUndefined();
    expect((await production.ask('{ me }', headers)).extensions).toBeUndefined();
  });

  it('serves GraphiQL complete: the page names no other address to load from', async () => {
    const response = await get(development, '/graphiql');
    const page = await response.text();
    expect(response.status).toBe(200);
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
    for (const file of files)
      expect(file).toMatch(/^(?:data:|\/graphiql\/graphiql\.[0-9a-f]{16}\.)/);
    expect(page).not.toMatch(/<script>/);
    expect(page.length).toBeLessThan(200_000);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*/);
  });

  it.each(['br', 'gzip', undefined])(
    'lets caches store the files of GraphiQL (%s)',
    async (encoding) => {
      const page = await (await get(development, '/graphiql')).text();
      const files = page.match(/\/graphiql\/graphiql\.[0-9a-f]{16}\.(?:js|css)/g) ?? [];
      expect(files).toHaveLength(2);
      for (const file of files) {
        const { url, length, headers } = await receive(file, encoding);
        expect(headers).toMatchObject({
          'cache-control': 'public, max-age=31536000, immutable',
          vary: expect.stringContaining('accept-encoding'),
          'content-type': expect.stringMatching(/^text\/(?:javascript|css); charset=utf-8$/),
        });
        expect(headers['content-encoding']).toBe(encoding);
        expect(headers).not.toHaveProperty('x-correlation-id');
        if (encoding !== undefined && url.endsWith('.js')) expect(length).toBeLessThan(3_000_000);
      }
      expect((await get(development, '/graphiql/graphiql.0000000000000000.js')).status).toBe(404);
      expect((await get(development, '/graphiql/constructor')).status).toBe(404);
    },
  );

  /** As received, not decompressed. */
  const receive = (
    path: string,
    encoding: string | undefined,
  ): Promise<{
    readonly url: string;
    readonly length: number;
    readonly headers: IncomingHttpHeaders;
  }> =>
    new Promise((resolve, reject) => {
      const headers = encoding === undefined ? {} : { 'accept-encoding': encoding };
      request(development.url + path, { headers }, (response) => {
        let length = 0;
        response.on('data', (chunk: Buffer) => (length += chunk.length));
        response.on('end', () => {
          resolve({ url: path, length, headers: response.headers });
        });
      })
        .on('error', reject)
        .end();
    });

  it('offers the demonstration accounts above GraphiQL, or other configured accounts', async () => {
    expect(await (await get(development, '/graphiql')).text()).toContain(
      'data-username="john@example.com"',
    );
    const other = await startTestGateway(graph, {
      settings: {
        landingPages: {
          accounts: [{ label: '<Eve>', username: 'eve@test', password: '"pw' }],
        },
      },
    });
    const page = await (await get(other, '/graphiql')).text();
    await other.stop();
    expect(page).toContain(
      'data-username="eve@test" data-password="&#34;pw">&#60;Eve&#62;</button>',
    );
    expect(page).not.toContain('john@example.com"');
  });

  it.each([
    ['/graphql', 400],
    ['/graphiql', 404],
    ['/sandbox', 404],
    ['/', 404],
  ])('answers %s in production with %i and no page', async (path, status) => {
    const response = await get(production, path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('can be configured without a page in development', async () => {
    const bare = await startTestGateway(graph, {
      settings: { landingPages: { sandbox: false, graphiql: false } },
    });
    const statuses = [];
    for (const path of ['/graphql', '/graphiql', '/']) {
      statuses.push((await get(bare, path)).status);
    }
    await bare.stop();
    expect(statuses).toEqual([400, 404, 404]);
  });
});
