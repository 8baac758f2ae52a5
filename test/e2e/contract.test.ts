import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';

/** Operations that existing clients send, verbatim, and the responses they rely on. */
describe('contract', () => {
  let storefront: TestStorefront;
  const read = (name: string): string =>
    readFileSync(new URL(`../contract/${name}`, import.meta.url), 'utf8');
  const answerIn = (name: string): unknown => JSON.parse(read(name));

  beforeAll(async () => {
    storefront = await startTestStorefront();
  });
  afterAll(() => storefront.stop());

  it.each(['john', 'admin'] as const)('answers the order to %s', async (name) => {
    const token = await storefront.login(accounts[name]);
    const { status, data, errors } = await storefront.ask(token, read('order.graphql'));
    expect(errors).toBeUndefined();
    expect({ data }).toEqual(answerIn('order.json'));
    expect(status).toBe(200);
  });

  it('answers null for the order to another customer and to an anonymous viewer', async () => {
    const jane = await storefront.login(accounts.jane);
    for (const token of [jane, undefined]) {
      const { data, errors } = await storefront.ask(token, read('order.graphql'));
      expect(data).toEqual({ order: null });
      expect(errors).toBeUndefined();
    }
  });

  it('answers the public product with its reviews to an anonymous viewer', async () => {
    const { data, errors } = await storefront.ask(undefined, read('product.graphql'));
    expect(errors).toBeUndefined();
    expect({ data }).toEqual(answerIn('product.json'));
  });

  it('lists the catalogue with Laptop and Mouse first', async () => {
    const { data, errors } = await storefront.ask(undefined, read('products.graphql'));
    expect(errors).toBeUndefined();
    expect(data.products.slice(0, 2)).toEqual([
      { id: '1', name: 'Laptop', price: 999.99, stock: 50 },
      { id: '2', name: 'Mouse', price: 29.99, stock: 200 },
    ]);
  });

  it('searches by a part of the name in any case', async () => {
    const { data, errors } = await storefront.ask(undefined, read('search.graphql'));
    expect(errors).toBeUndefined();
    expect({ data }).toEqual(answerIn('search.json'));
  });

  it('lets only an admin create a product', async () => {
    const operation = read('create-product.graphql');
    const admin = await storefront.ask(await storefront.login(accounts.admin), operation);
    expect(admin.errors).toBeUndefined();
    expect(admin.data.createProduct).toEqual({
      id: expect.stringMatching(/^\d+$/),
      name: 'Keyboard',
      price: 79.99,
    });
    const customer = await storefront.ask(await storefront.login(accounts.john), operation);
    expect(customer.data).toEqual({ createProduct: null });
    expect(customer.errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    const anonymous = await storefront.ask(undefined, operation);
    expect(anonymous.data).toEqual({ createProduct: null });
    expect(anonymous.errors?.map(({ extensions }) => extensions?.code)).toEqual([
      'UNAUTHENTICATED',
    ]);
  });

  it('logs in as login.http shows', async () => {
    const [request = '', response = ''] = read('login.http').split(/\n\n(?=HTTP)/);
    const [head = '', body = ''] = request.split('\n\n');
    const path = head.split(/\s/)[1] ?? '';
    const send = (text: string): Promise<Response> =>
      fetch(`${storefront.gatewayUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text,
      });

    const answer = await send(body);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const shape = JSON.parse(response.split('\n\n')[1] ?? '') as Record<string, unknown>;
    const tokens = (await answer.json()) as Record<string, unknown>;
    expect(Object.keys(tokens)).toEqual(Object.keys(shape));
    expect(tokens).toMatchObject({
      token_type: shape.token_type,
      expires_in: shape.expires_in,
    });

    const refused = await send(body.replace('pass456', 'wrong'));
    expect(refused.status).toBe(401);
    expect(await refused.text()).toBe('{"error":"Invalid credentials"}');
  });
});
