import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { remainingTimeHeader } from '../../common/call-headers.ts';
import type { Clock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import { patienceMs } from '../support/patience.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { user } from '../support/subgraph.ts';

const subgraphs = ['users', 'products', 'orders'] as const;
type Subgraph = (typeof subgraphs)[number];

const admin = user('3', 'admin');
const aMinuteAgo: Clock = { now: () => Date.now() - 61_000 };
const identity = (subgraph: string, viewer: Viewer, clock?: Clock): string =>
  createIdentitySigner(subgraph, developmentIdentityKey(subgraph), clock)(viewer).token;

/** Which callers are accepted, and as which viewer, in the running storefront: only a token identifies a viewer. */
describe('identity/who is who', () => {
  let storefront: TestStorefront;
  let john: string;
  let jane: string;

  beforeAll(async () => {
    storefront = await startTestStorefront();
    john = await storefront.login(accounts.john);
    jane = await storefront.login(accounts.jane);
  });
  afterAll(() => storefront.stop());

  /** Bypasses the gateway. */
  const askSubgraph = async (subgraph: Subgraph, token: string | undefined, body: object) => {
    const response = await fetch(`${storefront.subgraphUrls.get(subgraph)}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { [identityHeader]: token }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
    return { status: response.status, text: await response.text() };
  };

  const fields = [
    '__typename',
    '_service { sdl }',
    '_entities(representations: []) { __typename }',
  ];
  const otherOf = { users: 'orders', products: 'users', orders: 'products' } as const;
  const badIdentities: readonly (readonly [string, (subgraph: Subgraph) => string | undefined])[] =
    [
      ['no identity', () => undefined],
      ['an ended identity', (subgraph) => identity(subgraph, admin, aMinuteAgo)],
      ['the identity for another subgraph', (subgraph) => identity(otherOf[subgraph], admin)],
      ['an access token', () => john],
    ];

  it.each(subgraphs.flatMap((name) => badIdentities.map((bad) => [name, ...bad] as const)))(
    'threat 37: %s answers 401 to %s, whatever is asked',
    async (name, _what, tokenFor) => {
      for (const field of fields) {
        const answer = await askSubgraph(name, tokenFor(name), { query: `{ ${field} }` });
        expect(answer).toEqual({
          status: 401,
          text: '{"errors":[{"message":"A valid signed identity is required.","extensions":{"code":"UNAUTHENTICATED"}}]}',
        });
      }
      expect(
        (await askSubgraph(name, identity(name, admin), { query: '{ __typename }' })).status,
      ).toBe(200);
    },
  );

  it("threat 38: the gateway's own headers cannot be used to impersonate a viewer", async () => {
    const forged = {
      [identityHeader]: identity('users', admin),
      'x-user-id': '3',
      'x-user-role': 'admin',
      'x-forwarded-for': '10.0.0.1',
      [remainingTimeHeader]: '1',
    };
    for (const [token, me] of [
      [undefined, null],
      [john, { id: '1', role: 'CUSTOMER' }],
    ] as const) {
      const answer = await post('{ me { id role } }', token, forged);
      expect(await answer.json()).toEqual({ data: { me } });
    }
  });

  it("threat 39: another's order is, by id, as an entity and on a path, one that does not exist", async () => {
    const byId = 'query ($id: ID!) { order(id: $id) { id total { amount } user { email } } }';
    const foreign = await storefront.ask(jane, byId, { id: '123' });
    expect(foreign).toEqual(await storefront.ask(jane, byId, { id: '999999' }));
    expect(foreign.data).toEqual({ order: null });

    const asEntity = (id: string) =>
      askSubgraph('orders', identity('orders', user('2')), {
        query:
          'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { id total { amount } } } }',
        variables: { of: [{ __typename: 'Order', id }] },
      });
    expect(await asEntity('123')).toEqual(await asEntity('999999'));

    const onPath = await storefront.ask(
      jane,
      '{ product(id: "1") { reviews { user { name orders { nodes { id } } } } } }',
    );
    expect(onPath.data.product.reviews).toEqual([{ user: { name: 'John Doe', orders: null } }]);
  });

  it('threat 40: the inputs of a price cannot be sent by a client', async () => {
    const forged = { __typename: 'Product', id: '1', weightGrams: -1000, handling: 'STANDARD' };
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
    const { status, errors } = await storefront.ask(john, query, { of: [forged] });
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const right = await storefront.ask(
      undefined,
      '{ product(id: "1") { shippingCost { amount } } }',
    );
    expect(Number(right.data.product.shippingCost.amount)).toBeGreaterThan(0);
  });

  it.each([
    [
      'signUp',
      'SignUpInput!',
      { email: 'a@example.com', password: 'a long password', name: 'A', role: 'ADMIN' },
    ],
    ['updateProfile', 'UpdateProfileInput!', { name: 'A', role: 'ADMIN' }],
    ['updateProfile', 'UpdateProfileInput!', { name: 'A', id: '2' }],
    ['addReview', 'AddReviewInput!', { productId: '1', rating: 5, userId: '2' }],
    ['addReview', 'AddReviewInput!', { productId: '1', rating: 5, status: 'APPROVED' }],
    ['addReview', 'AddReviewInput!', { productId: '1', rating: 5, price: '0.01' }],
  ])(
    'threat 41: %s accepts no field that is not for clients: %s %j',
    async (field, type, input) => {
      const query = `mutation ($input: ${type}) { ${field}(input: $input) { userErrors { code } } }`;
      const { status, data, errors } = await storefront.ask(john, query, { input });
      expect([status, data]).toEqual([400, undefined]);
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
      const { data: now } = await storefront.ask(john, '{ me { name role } }');
      expect(now.me).toEqual({ name: 'John Doe', role: 'CUSTOMER' });
    },
  );

  it.each([
    'createProduct(name: "A", price: 1, stock: 1) { id }',
    'updateProduct(id: "1", price: 1) { id }',
    'archiveProduct(input: { id: "1" }) { product { id } }',
  ])('threat 42: a customer may not %s', async (field) => {
    const query = `mutation { ${field} }`;
    const { data, errors } = await storefront.ask(john, query);
    expect(Object.values(data as object)).toEqual([null]);
    // Refused by the gateway, which knows the schema's requirements, or by the subgraph.
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    const direct = await askSubgraph('products', identity('products', user('1')), { query });
    expect(direct.text).toContain('"code":"FORBIDDEN"');
    const after = await storefront.ask(undefined, '{ product(id: "1") { price name } }');
    expect(after.data.product).toMatchObject({ name: 'Laptop', price: 999.99 });
  });

  it('threat 43: each of 100 interleaved requests gets its own response, which must not be cached', async () => {
    const query = '{ me { id email orders(first: 1) { nodes { id } } } }';
    const callers = [john, jane, undefined] as const;
    const own: string[] = [];
    for (const token of callers) own.push(await (await post(query, token)).text());
    expect(new Set(own).size).toBe(3);
    let next = 0;
    const askOn = async (): Promise<void> => {
      while (next < 100) {
        const who = (next * 7 + (next >> 3)) % 3;
        next += 1;
        const answer = await post(query, callers[who]);
        expect(await answer.text()).toBe(own[who]);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    };
    await Promise.all(Array.from({ length: 16 }, askOn));
    expect(next).toBe(100);
  });

  it('threat 43: the response for an anonymous viewer is not reused for others', async () => {
    const me = { query: '{ me { id } }' };
    expect((await askSubgraph('users', identity('users', anonymous), me)).text).toBe(
      '{"data":{"me":null}}\n',
    );
    expect((await askSubgraph('users', identity('users', user('2')), me)).text).toBe(
      '{"data":{"me":{"id":"2"}}}\n',
    );
  });

  function post(
    query: string,
    token: string | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(`${storefront.gatewayUrl}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(patienceMs),
    });
  }
});
