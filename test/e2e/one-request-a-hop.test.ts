import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestHome } from '../support/database.ts';
import { type ForwardingProxy, startForwardingProxy } from '../support/forwarding-proxy.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { urlVariable } from '../support/subgraph-settings.ts';

/** Statements that no request makes. */
const background = /outbox|due_at|order_keys|reservations|advisory|^(?:begin|commit|rollback)\b/i;

/** A query over all three services takes one request per service and hop, and one statement per table. */
describe('one request per hop', () => {
  const names = ['users', 'products', 'orders'] as const;
  const statements: { schema: string; sql: string }[] = [];
  const proxies = new Map<string, ForwardingProxy>();
  let direct: TestStorefront;
  let storefront: TestStorefront;
  let john: string;
  let admin: string;

  beforeAll(async () => {
    // The subgraphs of one storefront, called through proxies by the gateway of another: each of them is real.
    direct = await startTestStorefront({
      home: await openTestHome(({ schema, sql }) => statements.push({ schema, sql })),
    });
    const environment: Record<string, string> = {};
    for (const name of names) {
      const proxy = await startForwardingProxy(`${direct.subgraphUrls.get(name) ?? ''}/graphql`);
      proxies.set(name, proxy);
      environment[urlVariable(name)] = proxy.url;
    }
    environment.JWKS_URL = `${direct.subgraphUrls.get('users') ?? ''}/.well-known/jwks.json`;
    storefront = await startTestStorefront({ environment });
    john = await storefront.login(accounts.john);
    admin = await storefront.login(accounts.admin);
  });
  afterAll(async () => {
    await storefront.stop();
    await direct.stop();
    for (const proxy of proxies.values()) await proxy.stop();
  });
  beforeEach(() => {
    for (const proxy of proxies.values()) proxy.forget();
    statements.length = 0;
  });

  const requestCounts = (): Record<string, number> =>
    Object.fromEntries(names.map((name) => [name, proxies.get(name)?.requests.length ?? 0]));
  const statementCounts = (): Record<string, number> =>
    Object.fromEntries(
      names.map((name) => [
        name,
        // The relay, recovery and the release of reservations look for work at any time.
        statements.filter(({ schema, sql }) => schema === name && !background.test(sql)).length,
      ]),
    );

  it('calls each service once for the main query, with one statement per table', async () => {
    const query = readFileSync(new URL('../contract/order.graphql', import.meta.url), 'utf8');
    const { errors } = await storefront.ask(john, query);
    expect(errors).toBeUndefined();
    expect(requestCounts()).toEqual({ users: 1, products: 1, orders: 1 });
    // orders reads the order and its items; users and products read one table each.
    expect(statementCounts()).toEqual({ users: 1, products: 1, orders: 2 });
  });

  it('makes as many calls for a page of orders as for one', async () => {
    const { data, errors } = await storefront.ask(
      admin,
      '{ orders(first: 50) { nodes { id user { name email } items { product { name price } quantity } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.orders.nodes.length).toBeGreaterThan(5);
    expect(requestCounts()).toEqual({ users: 1, products: 1, orders: 1 });
    expect(statementCounts()).toEqual({ users: 1, products: 1, orders: 2 });
  });

  it('reads the sku of an ordered product without calling products', async () => {
    const { data, errors } = await storefront.ask(
      john,
      '{ order(id: "123") { items { product { sku } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.order.items).toEqual([
      { product: { sku: 'LAP-001' } },
      { product: { sku: 'MOU-001' } },
    ]);
    expect(requestCounts()).toEqual({ users: 0, products: 0, orders: 1 });
  });

  it('sends the correlation id and a separate identity to each, and nothing else from the client', async () => {
    await fetch(`${storefront.gatewayUrl}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${john}`,
        cookie: 'secret=1',
        'x-correlation-id': 'correlation-of-the-client',
        'x-user-id': '3',
        'x-gateway-identity': 'forged',
      },
      body: JSON.stringify({
        query: '{ order(id: "123") { user { name } items { product { name } } } }',
      }),
    });
    for (const name of names) {
      const [request] = proxies.get(name)?.requests ?? [];
      expect(request?.headers).toMatchObject({ 'x-correlation-id': 'correlation-of-the-client' });
      expect(request?.headers).not.toHaveProperty('authorization');
      expect(request?.headers).not.toHaveProperty('cookie');
      expect(request?.headers).not.toHaveProperty('x-user-id');
      const [, claims = ''] = String(request?.headers['x-gateway-identity']).split('.');
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
        aud: name,
        sub: '1',
      });
    }
  });
});
