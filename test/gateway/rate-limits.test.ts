import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewaySettings, loadGatewayConfig } from '../../gateway/config/load.ts';
import { eventually } from '../support/eventually.ts';
import { patienceMs } from '../support/patience.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';
import { createAccessToken, createSigningKey, startKeyServer } from './token-issuer.ts';

const redisUrl = process.env.TEST_REDIS_URL;

describe('gateway: rate limits', () => {
  const key = createSigningKey('a');
  let graph: SmallGraph;
  let issuer: Awaited<ReturnType<typeof startKeyServer>>;
  const gateways: TestGateway[] = [];

  beforeAll(async () => {
    graph = await startSmallGraph();
    issuer = await startKeyServer([key]);
  });
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await Promise.all([graph.stop(), issuer.stop()]);
  });

  const start = async (
    rateLimits: GatewaySettings['rateLimits'],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<TestGateway> => {
    const gateway = await startTestGateway(graph, {
      jwksUrl: issuer.jwksUrl,
      environment,
      settings: { rateLimits: { enabled: true, ...rateLimits } },
    });
    gateways.push(gateway);
    return gateway;
  };
  const as = (sub: string): Record<string, string> => ({
    authorization: `Bearer ${createAccessToken(key, Date.now(), { claims: { sub } })}`,
  });
  const statuses = async (
    times: number,
    ask: () => Promise<{ readonly status: number }>,
  ): Promise<readonly number[]> => {
    const seen: number[] = [];
    for (let time = 0; time < times; time += 1) seen.push((await ask()).status);
    return seen;
  };
  const login = (gateway: TestGateway, username: string, headers = {}): Promise<Response> =>
    fetch(`${gateway.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ username, password: 'right' }),
      signal: AbortSignal.timeout(patienceMs),
    });

  it('an address without a token gets its requests per minute, and then 429 with Retry-After', async () => {
    const gateway = await start({ anonymousPerMinute: 3 });
    const first = await gateway.ask('{ me }');
    expect(first.headers.get('ratelimit-policy')).toBe('"anonymous";q=3;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"anonymous";r=2;t=(60|59)$/);
    expect(await statuses(2, () => gateway.ask('{ me }'))).toEqual([200, 200]);
    const refused = await gateway.ask('{ me }');
    expect(refused.status).toBe(429);
    expect(refused.errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect(refused.headers.get('ratelimit')).toMatch(/^"anonymous";r=0;t=\d+$/);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('refuses before a subgraph is called, whether the operation is cached or not', async () => {
    const gateway = await start({ anonymousPerMinute: 3 });
    await statuses(3, () => gateway.ask('{ me }'));
    const before = graph.authors.calls.length;
    expect((await gateway.ask('{ me }')).status).toBe(429);
    expect((await gateway.ask('{ again: me }')).status).toBe(429);
    expect(graph.authors.calls.length).toBe(before);
  });

  it('counts a viewer by its id, and not by its address', async () => {
    const gateway = await start({
      anonymousPerMinute: 1,
      viewerPerMinute: 2,
    });
    expect(await statuses(3, () => gateway.ask('{ me }', as('1')))).toEqual([200, 200, 429]);
    expect(await statuses(3, () => gateway.ask('{ me }', as('2')))).toEqual([200, 200, 429]);
    expect(await statuses(2, () => gateway.ask('{ me }'))).toEqual([200, 429]);
  });

  it('counts invalid tokens against the address that sends them', async () => {
    const gateway = await start({ anonymousPerMinute: 2 });
    const guess = { authorization: 'Bearer guessed' };
    expect(await statuses(3, () => gateway.ask('{ me }', guess))).toEqual([401, 401, 429]);
  });

  it('threat 51: logins of one account are counted, in any spelling and by either endpoint', async () => {
    const gateway = await start({ guardedPerAccountPerMinute: 2 });
    const mutation = (email: string): string =>
      `mutation { login(input: { email: "${email}", password: "right" }) { __typename } }`;
    expect((await login(gateway, 'john@example.com')).status).toBe(200);
    expect((await gateway.ask(mutation(' John@Example.com'))).status).toBe(200);
    const refused = await login(gateway, 'JOHN@example.com');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await gateway.ask(mutation('john@example.com'))).status).toBe(429);
    expect((await login(gateway, 'jane@example.com')).status).toBe(200);
  });

  it.each([
    ['blanks before it', `${' '.repeat(318)}john@example.com`],
    ['more blanks than a name has characters', `${' '.repeat(5_000)}john@example.com`],
    ['wide letters', 'ｊｏｈｎ@example.com'],
    ['a blank that NFKC makes', '\u3000john@example.com'],
  ])('threat 51: an account has no more tries with %s', async (_what, spelling) => {
    const gateway = await start({ guardedPerAccountPerMinute: 1 });
    expect((await login(gateway, 'john@example.com')).status).toBe(200);
    const mutation = `mutation { login(input: { email: "${spelling}", password: "right" }) { __typename } }`;
    expect((await gateway.ask(mutation)).status).toBe(429);
  });

  it('threat 51: names that are too long for an account are counted together', async () => {
    const gateway = await start({ guardedPerAccountPerMinute: 1 });
    const tries = ['a', 'b'].map(
      (name) =>
        `mutation { login(input: { email: "${name.repeat(2_000)}@example.com", password: "x" }) { __typename } }`,
    );
    expect((await gateway.ask(String(tries[0]))).status).toBe(200);
    expect((await gateway.ask(String(tries[1]))).status).toBe(429);
  });

  it('counts a guarded field without an account against the authenticated viewer', async () => {
    const gateway = await start({ guardedPerAccountPerMinute: 2, guardedFields: ['me'] });
    expect(await statuses(3, () => gateway.ask('{ me }', as('1')))).toEqual([200, 200, 429]);
    expect((await gateway.ask('{ me }', as('2'))).status).toBe(200);
  });

  it('threat 51: logins of one address are counted, for any account', async () => {
    const gateway = await start({ guardedPerAddressPerMinute: 2 });
    const names = ['a@example.com', 'b@example.com', 'c@example.com'];
    const seen: number[] = [];
    for (const name of names) seen.push((await login(gateway, name)).status);
    expect(seen).toEqual([200, 200, 429]);
    expect((await gateway.ask('{ me }')).status).toBe(200);
  });

  it('an address over its limit can still log in, and logins have a separate limit', async () => {
    const gateway = await start({
      anonymousPerMinute: 2,
      sessionsPerMinute: 3,
    });
    expect(await statuses(3, () => gateway.ask('{ me }'))).toEqual([200, 200, 429]);
    const first = await login(gateway, 'a@example.com');
    expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([
      200,
      '"sessions";q=3;w=60',
    ]);
    expect(await statuses(3, () => login(gateway, 'a@example.com'))).toEqual([200, 200, 429]);
    const refused = await login(gateway, 'b@example.com');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toEqual({ error: expect.stringContaining('Too many requests') });
  });

  it('development allows more requests than production', () => {
    const { rateLimits } = loadGatewayConfig({});
    const keys = { SUBGRAPH_A_IDENTITY_KEY: 'x'.repeat(32) };
    const { rateLimits: inProduction } = loadGatewayConfig({ NODE_ENV: 'production', ...keys });
    expect([rateLimits.anonymousPerMinute, inProduction.anonymousPerMinute]).toEqual([6_000, 100]);
    expect(
      loadGatewayConfig({}, [{ rateLimits: { viewerPerMinute: 5 } }]).rateLimits,
    ).toMatchObject({
      viewerPerMinute: 5,
      sessionsPerMinute: 600,
    });
  });

  it('accepts X-Forwarded-For only from trusted proxies', async () => {
    const forwarded = (address: string) => ({ 'x-forwarded-for': `198.51.100.9, ${address}` });
    const direct = await start({ anonymousPerMinute: 1 });
    expect((await direct.ask('{ me }', forwarded('203.0.113.1'))).status).toBe(200);
    expect((await direct.ask('{ me }', forwarded('203.0.113.2'))).status).toBe(429);
    const behind = await start({ anonymousPerMinute: 1 }, { TRUSTED_PROXIES: '127.0.0.0/8, ::1' });
    expect((await behind.ask('{ me }', forwarded('203.0.113.1'))).status).toBe(200);
    expect((await behind.ask('{ me }', forwarded('203.0.113.2'))).status).toBe(200);
    expect((await behind.ask('{ me }', forwarded('203.0.113.2'))).status).toBe(429);
  });

  it('does not count health checks', async () => {
    const gateway = await start({ anonymousPerMinute: 1 });
    expect(await statuses(3, () => fetch(`${gateway.url}/healthz`))).toEqual([200, 200, 200]);
  });

  it('counts locally while Redis is unavailable, and logs that once', async () => {
    const gateway = await start({ anonymousPerMinute: 2 }, { REDIS_URL: 'redis://127.0.0.1:9/' });
    expect(await statuses(3, () => gateway.ask('{ me }'))).toEqual([200, 200, 429]);
    const said = gateway.log.filter(({ msg }) => String(msg).startsWith('rate limits are counted'));
    expect(said).toHaveLength(1);
  });

  (redisUrl === undefined ? it.skip : it)(
    'two gateways count together in one Redis (TEST_REDIS_URL)',
    async () => {
      const environment = { REDIS_URL: String(redisUrl) };
      const askBoth = async (): Promise<string> => {
        const rateLimits = { anonymousPerMinute: 4, redisKeyPrefix: `test-${randomUUID()}` };
        const [one, other] = await Promise.all([
          start(rateLimits, environment),
          start(rateLimits, environment),
        ]);
        const seen: number[] = [];
        for (const gateway of [one, other, one, other, one, other]) {
          seen.push((await gateway.ask('{ me }')).status);
        }
        return seen.join(' ');
      };
      // On a very busy machine Redis may answer too late once, and each gateway counts for itself.
      await eventually(askBoth, (seen) => seen === '200 200 200 200 429 429');
    },
  );
});
