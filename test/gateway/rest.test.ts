import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';

const lamp = { name: 'Lamp', price: 1, stock: 1 };

/** The routes for clients that do not use GraphQL, and the document that describes them. */
describe('gateway: REST', () => {
  let storefront: TestStorefront;
  let admin: string;
  let john: string;

  beforeAll(async () => {
    storefront = await startTestStorefront();
    admin = await storefront.login(accounts.admin);
    john = await storefront.login(accounts.john);
  });
  afterAll(() => storefront.stop());

  it('returns the catalogue page by page', async () => {
    const ids: string[] = [];
    let next: string | null = null;
    do {
      const after: string = next === null ? '' : `&after=${encodeURIComponent(next)}`;
      const { status, body } = await send('GET', `/products?first=2&sort=PRICE_ASC${after}`);
      expect(status).toBe(200);
      expect(body.products.length).toBeLessThanOrEqual(2);
      ids.push(...body.products.map(({ id }: { id: string }) => id));
      next = body.next;
    } while (next !== null);
    const { data } = await storefront.ask(
      undefined,
      '{ catalog(first: 100, sort: PRICE_ASC) { nodes { id } } }',
    );
    expect(data).toEqual({ catalog: { nodes: ids.map((id) => ({ id })) } });
  });

  it('adds a product, reads, changes and removes it', async () => {
    const deskLamp = { name: 'Lamp', price: 24.5, stock: 3, sku: 'REST-LAMP' };
    const added = await send('POST', '/products', { token: admin, body: deskLamp });
    expect(added.status).toBe(201);
    const { id } = added.body;
    expect(added.headers.get('location')).toBe(`/products/${id}`);
    const read = await send('GET', `/products/${id}`);
    expect(read).toMatchObject({ status: 200, body: { ...deskLamp, inStock: true } });
    expect(read.body.unitPrice).toEqual({ amount: '24.50', currencyCode: 'USD' });
    expect(read.headers.get('cache-control')).toBe('no-store');
    const changed = await send('PUT', `/products/${id}`, {
      token: admin,
      body: { name: 'Desk lamp', price: 19, stock: 0 },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Desk lamp', price: 19, inStock: false, sku: 'REST-LAMP' },
    });
    expect(await send('DELETE', `/products/${id}`, { token: admin })).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect(await send('GET', `/products/${id}`)).toMatchObject({ status: 404 });
  });

  it('reports as a problem what does not exist, is not allowed, or is invalid', async () => {
    const none = await send('GET', '/products/987654321');
    expect(none.type).toBe('application/problem+json; charset=utf-8');
    expect(none.body).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'The product does not exist.',
    });
    const body = lamp;
    const missing = { token: admin, body };
    expect(await send('PUT', '/products/987654321', missing)).toMatchObject({ status: 404 });
    expect(await send('DELETE', '/products/987654321', { token: admin })).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'PRODUCT_NOT_FOUND' }] },
    });
    expect(await send('POST', '/products', { body })).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
    expect(await send('POST', '/products', { token: john, body })).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect(await send('GET', '/products', { token: 'none' })).toMatchObject({
      status: 401,
      type: 'application/problem+json; charset=utf-8',
      body: { code: 'UNAUTHENTICATED' },
    });
  });

  it.each([
    ['GET', '/products?first=0', undefined, ['query', 'first']],
    ['GET', '/products?first=many', undefined, ['query', 'first']],
    ['GET', '/products?first=1&first=2', undefined, ['query', 'first']],
    ['GET', '/products?frist=2', undefined, ['query']],
    ['GET', '/products?sort=BEST', undefined, ['query', 'sort']],
    ['POST', '/products', { name: '', price: 1, stock: 1 }, ['body', 'name']],
    ['POST', '/products', { name: 'Lamp', price: '1', stock: 1 }, ['body', 'price']],
    ['POST', '/products', { name: 'Lamp', price: 1, stock: 1.5 }, ['body', 'stock']],
    ['POST', '/products', { name: 'Lamp', price: 1, stock: 1, admin: true }, ['body']],
    ['PUT', '/products/1', [], ['body']],
  ] as const)('refuses %s %s %j', async (method, path, body, at) => {
    const answer = await send(method, path, { token: admin, ...(body && { body }) });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'BAD_USER_INPUT', errors: [{ path: at }] },
    });
  });

  it.each([
    ['a stock of 2^31', { stock: 2 ** 31 }],
    ['no weight', { weightGrams: 0 }],
    ['a weight over a ton', { weightGrams: 1_000_001 }],
    ['a long text', { description: 'x'.repeat(5_001) }],
  ])('refuses %s as described, before products does', async (_what, part) => {
    const body = { ...lamp, ...part };
    expect(await send('POST', '/products', { token: admin, body })).toMatchObject({
      status: 400,
      body: { code: 'BAD_USER_INPUT', errors: [{ path: ['body', ...Object.keys(part)] }] },
    });
  });

  it('refuses a long search as described, before products does', async () => {
    expect(await send('GET', `/products?search=${'x'.repeat(101)}`)).toMatchObject({
      status: 400,
      body: { code: 'BAD_USER_INPUT', errors: [{ path: ['query', 'search'] }] },
    });
  });

  it('places an order once for a key, and shows it to its customer alone', async () => {
    const order = {
      items: [{ productId: '2', quantity: 2 }],
      shippingAddress: {
        name: 'John Doe',
        line1: '1 Main Street',
        city: 'Springfield',
        postalCode: '12345',
        country: 'US',
      },
      payment: { method: 'CARD', token: 'tok_visa' },
    };
    const key = randomUUID();
    const place = (body: object, token: string | undefined = john) =>
      send('POST', '/orders', { ...(token && { token }), body, idempotencyKey: `"${key}"` });
    const placed = await place(order);
    expect(placed).toMatchObject({ status: 202, body: { status: 'PAID' } });
    const location = placed.headers.get('location') ?? '';
    expect(location).toBe(`/orders/${placed.body.id}`);
    expect(await place(order)).toMatchObject({ status: 202, body: { id: placed.body.id } });
    expect(await place({ ...order, items: [{ productId: '2', quantity: 3 }] })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] },
    });
    expect(await send('GET', location, { token: john })).toMatchObject({
      status: 200,
      body: { id: placed.body.id, items: [{ name: 'Mouse', quantity: 2 }] },
    });
    const jane = await storefront.login(accounts.jane);
    expect(await send('GET', location, { token: jane })).toMatchObject({ status: 404 });
    expect(await send('GET', location)).toMatchObject({ status: 404 });
    expect(await place(order, '')).toMatchObject({ status: 401 });
    expect(await send('POST', '/orders', { token: john, body: order })).toMatchObject({
      status: 400,
      body: { errors: [{ path: ['headers', 'idempotency-key'] }] },
    });
    const declined = { ...order, payment: { method: 'CARD', token: 'tok_declined' } };
    expect(
      await send('POST', '/orders', { token: john, body: declined, idempotencyKey: randomUUID() }),
    ).toMatchObject({ status: 422, body: { errors: [{ code: 'PAYMENT_DECLINED' }] } });
  });

  it('refuses what the graph refuses, with its message', async () => {
    const body = { name: 'Lamp', price: 1.005, stock: 1 };
    expect(await send('POST', '/products', { token: admin, body })).toMatchObject({
      status: 400,
      body: { code: 'BAD_USER_INPUT', detail: expect.stringContaining('at most two decimals') },
    });
  });

  it('refuses an invalid body, and other methods', async () => {
    const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
    const response = await fetch(`${storefront.gatewayUrl}/products`, {
      method: 'POST',
      headers,
      body: '{',
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { code: 'BAD_REQUEST', detail: 'The body is not valid JSON.' },
    ]);
    const other = await send('PATCH', '/products/1');
    expect(other.status).toBe(405);
    expect(other.headers.get('allow')).toBe('GET, PUT, DELETE');
  });

  it.each([65, 101, 8_000])('refuses an id of %i characters as a problem', async (length) => {
    const { status, type, body } = await send('GET', `/products/${'x'.repeat(length)}`);
    expect([status, type]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(body).toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ path: ['path', 'id'] }] });
  });

  it('runs where clients may only run registered documents', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'documents-'));
    const path = join(folder, 'manifest.json');
    const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: [] };
    await writeFile(path, JSON.stringify(manifest));
    const strict = await startTestStorefront({
      settings: {
        persistedDocuments: { mode: 'enforce', path },
        rateLimits: { enabled: true, restPerMinute: 2, anonymousPerMinute: 1 },
      },
    });
    try {
      const statuses: number[] = [];
      for (let time = 0; time < 3; time += 1) {
        statuses.push((await fetch(`${strict.gatewayUrl}/products/1`)).status);
      }
      expect(statuses).toEqual([200, 200, 429]);
      // Operations are counted separately.
      const { errors } = await strict.ask(undefined, '{ __typename }');
      expect(errors).toMatchObject([{ extensions: { code: 'QUERY_NOT_IN_SAFELIST' } }]);
    } finally {
      await strict.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('is described by an OpenAPI document that is valid and up to date', async () => {
    const { status, body } = await send('GET', '/openapi.json');
    expect(status).toBe(200);
    expect(await new Validator().validate(structuredClone(body))).toEqual({ valid: true });
    expect(body).toEqual(JSON.parse(await readFile('docs/openapi.json', 'utf8')));
    for (const [path, operations] of Object.entries<object>(body.paths)) {
      const { headers } = await send('PATCH', path.replaceAll(/\{\w+\}/g, '1'));
      expect([path, headers.get('allow')?.toLowerCase().split(', ')]).toEqual([
        path,
        Object.keys(operations),
      ]);
    }
  });

  /** The outcome of a request. */
  interface Sent {
    readonly status: number;
    readonly headers: Headers;
    readonly type: string | null;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it asked for
    readonly body: any;
  }

  async function send(
    method: string,
    path: string,
    {
      token,
      body,
      idempotencyKey,
    }: {
      readonly token?: string;
      readonly body?: unknown;
      readonly idempotencyKey?: string;
    } = {},
  ): Promise<Sent> {
    const response = await fetch(`${storefront.gatewayUrl}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const { status, headers } = response;
    const text = await response.text();
    const type = headers.get('content-type');
    return { status, headers, type, body: text === '' ? undefined : JSON.parse(text) };
  }
});
