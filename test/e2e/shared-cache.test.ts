import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, cacheStores, type Dispatcher, interceptors } from 'undici';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';

/** Many clients behind one cache that stores what HTTP allows (RFC 9111): undici's, as a shared cache. */
describe('the storefront behind a shared cache', () => {
  let storefront: TestStorefront;
  let cached: Dispatcher;

  beforeAll(async () => {
    storefront = await startTestStorefront({ settings: { rateLimits: { enabled: true } } });
    const store = new cacheStores.MemoryCacheStore();
    cached = new Agent().compose(interceptors.cache({ store, methods: ['GET'], type: 'shared' }));
  });
  afterAll(async () => {
    await cached.close();
    await storefront.stop();
  });

  interface Answer {
    readonly id: string;
    readonly cacheControl: string;
    readonly vary: string;
    readonly rateLimit: string;
    /** Whether the cache answered. */
    readonly isKept: boolean;
    readonly data?: Readonly<Record<string, unknown>>;
  }

  /** By GET, like a client that registers its queries. */
  const ask = async (
    query: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
    const send = async (
      parameters: Readonly<Record<string, string>>,
    ): Promise<Answer & { readonly errors?: unknown }> => {
      const search = new URLSearchParams({ ...parameters, extensions }).toString();
      const response = await cached.request({
        origin: storefront.gatewayUrl,
        path: `/graphql?${search}`,
        method: 'GET',
        headers: { accept: 'application/json', ...headers },
      });
      const { headers: told } = response;
      const body = (await response.body.json()) as Pick<Answer, 'data'>;
      return {
        id: String(told['x-correlation-id']),
        cacheControl: String(told['cache-control']),
        vary: String(told.vary),
        rateLimit: String(told.ratelimit),
        isKept: told.age !== undefined,
        ...body,
      };
    };
    const answer = await send({});
    return answer.data === undefined ? send({ query }) : answer;
  };

  const as = async (account: keyof typeof accounts): Promise<Readonly<Record<string, string>>> => ({
    authorization: `Bearer ${await storefront.login(accounts[account])}`,
  });

  it.each([
    '{ catalog(first: 2) { nodes { id name price unitPrice { amount } inStock } pageInfo { hasNextPage } } }',
    '{ product(id: "1") { name price } }',
    '{ products { id name } }',
  ])('serves the anonymous catalogue from the cache, for 30 s: %s', async (query) => {
    await ask(query);
    const first = await ask(query);
    const second = await ask(query);
    expect(second.isKept).toBe(true);
    expect(second.data).toEqual(first.data);
    expect(first.cacheControl.split(', ').toSorted()).toEqual(['max-age=30', 'public']);
    expect(first.vary).toMatch(/\bauthorization\b/);
  });

  it('stores nothing about the client that sent the first request', async () => {
    const query = '{ product(id: "3") { name } }';
    await ask(query);
    const kept = await ask(query);
    expect(kept.cacheControl).toContain('public');
    expect([kept.id, kept.rateLimit]).toEqual(['undefined', 'undefined']);
    const refused = await ask('{ product(id: "3") { nam } }');
    expect(refused.id).toMatch(/^[\w-]{36}$/);
    expect(refused.rateLimit).toMatch(/^"anonymous";r=\d+;t=\d+$/);
  });

  it.each([['x-operation-cost'], ['apollo-query-plan-experimental'], ['apollo-expose-query-plan']])(
    'does not serve to others what a client requested in addition, with %s',
    async (header) => {
      const query = `{ product(id: "1") { name inStock } } # ${header}`;
      const more = await ask(query, { [header]: '1' });
      expect([more.cacheControl, more.isKept]).toEqual(['no-store', false]);
      expect(more).toHaveProperty('extensions');
      const others = await ask(query);
      expect(others).not.toHaveProperty('extensions');
    },
  );

  it.each([
    '{ me { email } }',
    '{ order(id: "123") { id } }',
    '{ product(id: "1") { name } me { email } }',
    '{ product(id: "1") { reviews { user { name } } } }',
    '{ product(id: "unknown") { name } me { id } }',
  ])('never serves anything else from the cache: %s', async (query) => {
    const john = await as('john');
    const jane = await as('jane');
    const anonymous: Readonly<Record<string, string>> = {};
    const ids = new Set<string>();
    const answers: Answer[] = [];
    for (const headers of [anonymous, john, jane, john, anonymous]) {
      const answer = await ask(query, headers);
      expect(answer.cacheControl).toBe('no-store');
      ids.add(answer.id);
      answers.push(answer);
    }
    expect(ids.size).toBe(answers.length);
    expect(answers[4]?.data).toEqual(answers[0]?.data);
    if (query.includes('me {')) {
      expect(JSON.stringify(answers[0]?.data?.me)).toBe('null');
      expect(answers[1]?.data?.me).not.toEqual(answers[2]?.data?.me);
    }
  });

  it('serves a viewer’s catalogue only to that viewer, even when the anonymous one is cached', async () => {
    const query = '{ product(id: "2") { name stock } }';
    await ask(query);
    await ask(query);
    const kept = await ask(query);
    const admin = await as('admin');
    const first = await ask(query, admin);
    const second = await ask(query, admin);
    expect([kept.isKept, first.isKept, second.isKept]).toEqual([true, false, false]);
    expect([first.cacheControl, second.cacheControl]).toEqual(['no-store', 'no-store']);
    expect((await ask(query)).data).toEqual(kept.data);
  });
});
