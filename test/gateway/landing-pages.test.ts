import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const html = { accept: 'text/html' };

/** The pages for people who try the graph: there in development, absent in production. */
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

  it('shows Apollo Sandbox to a browser, asking for query plans', async () => {
    const response = await get(development, '/graphql');
    const page = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page).toContain('new window.EmbeddedSandbox');
    expect(page).toContain('"sharedHeaders":{"Apollo-Query-Plan-Experimental":"1"}');
  });

  it('leads from the root to the Sandbox', async () => {
    const response = await get(development, '/');
    expect([response.status, response.headers.get('location')]).toEqual([302, '/graphql']);
  });

  it('sends the query plan along when Apollo’s tools ask for it, in development', async () => {
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
    expect(page).not.toMatch(/<script[^>]+src=|<link[^>]+rel="stylesheet"/);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*/);
  });

  it('offers the demonstration accounts above GraphiQL, and other accounts where they are set', async () => {
    expect(await (await get(development, '/graphiql')).text()).toContain(
      'data-username="john@example.com"',
    );
    const other = await startTestGateway(graph, {
      file: 'landingPages: { accounts: [{ label: "<Eve>", username: "eve@test", password: "\\"pw" }] }',
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
    ['/', 404],
  ])('answers %s in production with %i and no page', async (path, status) => {
    const response = await get(production, path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('can be told to leave a page out in development', async () => {
    const bare = await startTestGateway(graph, {
      environment: { SANDBOX_ENABLED: 'false', GRAPHIQL_ENABLED: 'false' },
    });
    const statuses = [];
    for (const path of ['/graphql', '/graphiql', '/']) {
      statuses.push((await get(bare, path)).status);
    }
    await bare.stop();
    expect(statuses).toEqual([400, 404, 404]);
  });
});
