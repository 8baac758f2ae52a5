import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const shop = 'https://shop.example';
const json = { 'content-type': 'application/json' };
const preflight = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type',
};
const production = {
  NODE_ENV: 'production',
  SUBGRAPH_AUTHORS_IDENTITY_KEY: 'a-production-key-of-at-least-32-bytes',
  SUBGRAPH_BOOKS_IDENTITY_KEY: 'another-production-key-of-at-least-32-bytes',
};

/** Which pages may read responses, and what browsers are told about all of them. */
describe('gateway: browsers', () => {
  let graph: SmallGraph;
  let development: TestGateway;
  let forShop: TestGateway;
  let forAll: TestGateway;
  let closed: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    development = await startTestGateway(graph);
    forShop = await startTestGateway(graph, {
      environment: {
        ...production,
        CORS_ORIGINS: `${shop}, http://intranet:*`,
      },
      settings: {
        cors: { credentials: true, maxAgeSeconds: 60 },
        subgraphs: { forwardedHeaders: ['X-Tenant'] },
        server: { hstsMaxAgeSeconds: 31_536_000 },
      },
    });
    forAll = await startTestGateway(graph, { environment: { ...production, CORS_ORIGINS: '*' } });
    closed = await startTestGateway(graph, { environment: production });
  });
  afterAll(async () => {
    for (const gateway of [development, forShop, forAll, closed]) await gateway.stop();
    await graph.stop();
  });

  const ask = (
    gateway: TestGateway,
    origin: string | undefined,
    query = '{ me }',
  ): Promise<Response> =>
    fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { ...json, ...(origin !== undefined && { origin }) },
      body: JSON.stringify({ query }),
    });
  const askBefore = (gateway: TestGateway, origin: string, path = '/graphql'): Promise<Response> =>
    fetch(gateway.url + path, { method: 'OPTIONS', headers: { ...preflight, origin } });
  const allowedOrigin = ({ headers }: Response): string | null =>
    headers.get('access-control-allow-origin');

  const requests: readonly (readonly [string, (origin: string) => Promise<Response>])[] = [
    ['an operation', (origin) => ask(forShop, origin, '{ books { title } }')],
    [
      'the same operation again, which is known by now',
      (origin) => ask(forShop, origin, '{ books { title } }'),
    ],
    ['an operation that is refused', (origin) => ask(forShop, origin, '{ nothing }')],
    [
      'a request that is refused at the edge',
      (origin) =>
        fetch(`${forShop.url}/graphql`, { method: 'POST', headers: { origin }, body: 'x' }),
    ],
    ['an unknown address', (origin) => fetch(`${forShop.url}/nowhere`, { headers: { origin } })],
    ['its health', (origin) => fetch(`${forShop.url}/healthz`, { headers: { origin } })],
    [
      'a log-in',
      (origin) =>
        fetch(`${forShop.url}/login`, {
          method: 'POST',
          headers: { ...json, origin },
          body: '{"username":"a","password":"right"}',
        }),
    ],
  ];

  it.each(requests)(
    'threat 30: lets pages of an allowed origin read %s',
    async (_what, request) => {
      const response = await request(shop);
      expect(allowedOrigin(response)).toBe(shop);
      expect(response.headers.get('access-control-allow-credentials')).toBe('true');
      expect(response.headers.get('access-control-expose-headers')).toBe(
        'x-correlation-id, retry-after, ratelimit, ratelimit-policy',
      );
      expect(response.headers.get('vary')?.split(', ')).toContain('origin');
    },
  );

  const evil = [
    'https://evil.example',
    'null',
    'https://shop.example.evil.example',
    'http://shop.example',
    'https://shop.example:8443',
    'https://SHOP.example',
    'https://evil.example/https://shop.example',
    'http://intranet.evil.example',
    'http://intranet:80@evil.example',
    'http://intranet:',
    '*',
  ];

  it.each(evil)('threat 30: lets no page of %s read anything', async (origin) => {
    for (const [, request] of requests) {
      const { headers } = await request(origin);
      const cors = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect([cors, headers.get('vary')?.includes('origin')]).toEqual([[], true]);
    }
    const { headers, status } = await askBefore(forShop, origin);
    expect(status).toBe(403);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it('answers a preflight at the edge, for any address, with the configured cache time', async () => {
    for (const path of ['/graphql', '/login', '/nowhere']) {
      const response = await askBefore(forShop, shop, path);
      const { headers } = response;
      expect([response.status, await response.text()]).toEqual([204, '']);
      expect(allowedOrigin(response)).toBe(shop);
      expect(headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, DELETE');
      expect(headers.get('access-control-max-age')).toBe('60');
      expect(headers.get('vary')).toBe('origin');
      expect(headers.get('content-length')).toBeNull();
      const allowed = headers.get('access-control-allow-headers')?.split(', ');
      expect(allowed).toEqual(
        expect.arrayContaining([
          'content-type',
          'authorization',
          'apollo-require-preflight',
          'x-apollo-operation-name',
          'apollographql-client-name',
          'apollographql-client-version',
          'x-correlation-id',
          'x-tenant',
        ]),
      );
    }
  });

  it('says with each answer to an operation that it depends on the origin, the viewer and the type', async () => {
    for (const origin of [shop, undefined]) {
      expect((await ask(forShop, origin)).headers.get('vary')).toBe(
        'origin, authorization, accept, accept-encoding',
      );
    }
    expect((await ask(closed, undefined)).headers.get('vary')).toBe(
      'authorization, accept, accept-encoding',
    );
  });

  it('accepts any port when a star is configured', async () => {
    for (const origin of ['http://intranet', 'http://intranet:8080']) {
      expect(allowedOrigin(await ask(forShop, origin))).toBe(origin);
    }
  });

  it('threat 30: lets all pages read responses if configured, but never with credentials', async () => {
    const response = await ask(forAll, 'https://any.example');
    expect(allowedOrigin(response)).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(allowedOrigin(await askBefore(forAll, 'https://any.example'))).toBe('*');
    const both = () => loadGatewayConfig({ CORS_ORIGINS: '*' }, [{ cors: { credentials: true } }]);
    expect(both).toThrow(/CORS_ORIGINS: may not be \* when credentials/);
  });

  it('threat 30: lets no page of another origin read anything in production, unless configured', async () => {
    for (const origin of [shop, 'http://localhost:3000']) {
      expect(allowedOrigin(await ask(closed, origin))).toBeNull();
    }
  });

  it('lets pages of this machine read answers in development', async () => {
    for (const origin of ['http://localhost:5173', 'http://127.0.0.1:3000', 'http://localhost']) {
      expect(allowedOrigin(await ask(development, origin))).toBe(origin);
    }
    for (const origin of ['http://localhost.evil.example', 'https://evil.example']) {
      expect(allowedOrigin(await ask(development, origin))).toBeNull();
    }
  });

  it.each([
    'shop.example',
    'https://shop.example/',
    'https://shop.example/path',
    'https://shop.example:443',
    'https://*.example',
    'null',
    'ftp://shop.example',
    '*,https://shop.example',
  ])('is not started with %s for an origin', (origins) => {
    expect(() => loadGatewayConfig({ CORS_ORIGINS: origins })).toThrow(
      /CORS_ORIGINS: takes origins/,
    );
  });

  it('tells browsers that every response is data: not to be sniffed, run, framed or sent as a referrer', async () => {
    for (const [, request] of requests) {
      const { headers } = await request(shop);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('requires TLS only if configured', async () => {
    const withTls = await ask(forShop, shop);
    expect(withTls.headers.get('strict-transport-security')).toBe(
      'max-age=31536000; includeSubDomains',
    );
    expect((await ask(closed, shop)).headers.get('strict-transport-security')).toBeNull();
  });

  it('lets its pages load what they need, but not be framed', async () => {
    const headers = { accept: 'text/html' };
    const sandbox = await fetch(`${development.url}/sandbox`, { headers });
    expect(sandbox.headers.get('content-type')).toMatch(/^text\/html/);
    expect(sandbox.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
    const graphiql = await fetch(`${development.url}/graphiql`, { headers });
    expect(graphiql.headers.get('content-security-policy')).toMatch(
      /script-src 'self'.*frame-ancestors 'none'/,
    );
  });
});
