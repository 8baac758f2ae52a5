import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { systemClock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { AppError } from '../../common/errors.ts';
import { createIdentityVerifier } from '../../common/identity-token.ts';
import { createLogger } from '../../common/logger.ts';
import { createServiceIdentityVerifier } from '../../common/service-identity.ts';
import { type GatewaySettings, loadGatewayConfig } from '../../gateway/config/load.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { readMost } from '../../storefront/shop/rest/product-routes.ts';
import { shop } from '../../storefront/shop/shop.ts';
import type { CallScope } from '../../subgraphs/kit/grpc/handlers.ts';
import { type GrpcServer, openGrpcServer } from '../../subgraphs/kit/grpc/open-server.ts';
import {
  productPackage,
  type ProductResponse,
  productService,
} from '../../subgraphs/kit/grpc/product-contract.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { until } from '../support/until.ts';

const byServices = { rest: { answeredBy: 'services' } } as const;

/** What the messages of the service carry, and what follows from it. */
const carried = ['id', 'inStock', 'name', 'price', 'stock', 'unitPrice'];

describe('gateway: REST answered by a service, without the graph', () => {
  let storefront: TestStorefront;
  let admin: string;

  beforeAll(async () => {
    storefront = await startTestStorefront({ settings: byServices });
    admin = await storefront.login(accounts.admin);
  });
  afterAll(() => storefront.stop());

  const send = (path: string, options: Sending = {}) =>
    sendTo(storefront.gatewayUrl, path, options);

  it('returns a product as far as the messages carry it, with an exact price', async () => {
    const { status, headers, body } = await send('/products/1');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-correlation-id')).toMatch(/./);
    expect(body).toEqual({
      id: '1',
      name: 'Laptop',
      price: 999.99,
      unitPrice: { amount: '999.99', currencyCode: 'USD' },
      stock: 50,
      inStock: true,
    });
  });

  it('has the same products page by page, in the order of their ids', async () => {
    const ids: string[] = [];
    let next: string | null = null;
    do {
      const after: string = next === null ? '' : `&after=${encodeURIComponent(next)}`;
      const { status, body } = await send(`/products?first=2${after}`);
      expect(status).toBe(200);
      expect(body.products.length).toBeLessThanOrEqual(2);
      ids.push(...body.products.map(({ id }: { id: string }) => id));
      next = body.next;
    } while (next !== null);
    const all = await storefront.ask(undefined, '{ catalog(first: 100) { nodes { id } } }');
    const { nodes } = all.data?.catalog as { nodes: readonly { id: string }[] };
    expect(ids).toEqual(nodes.map(({ id }) => id).sort((a, b) => Number(a) - Number(b)));
  });

  it('leaves to the graph what the messages cannot express', async () => {
    const sorted = await send('/products?first=1&sort=PRICE_ASC');
    expect(Object.keys(sorted.body.products[0])).toEqual(expect.arrayContaining(['sku']));
    // The cursor of that list is of the graph, and so is the next page.
    const more = await send(`/products?first=1&sort=PRICE_ASC&after=${sorted.body.next}`);
    expect(Object.keys(more.body.products[0])).toEqual(expect.arrayContaining(['sku']));
    const found = await send('/products?search=lap');
    expect(found.body.products).toMatchObject([
      { name: 'Laptop', weightGrams: expect.any(Number) },
    ]);
    const lamp = { name: 'Lamp', price: 24.5, stock: 3, sku: 'BY-GRAPH' };
    const added = await send('/products', { method: 'POST', token: admin, body: lamp });
    expect(added).toMatchObject({ status: 201, body: { sku: 'BY-GRAPH' } });
    for (const id of ['0', 'abc', '2147483648', '99999999999999999999']) {
      expect(await send(`/products/${id}`)).toMatchObject({
        status: 404,
        body: { detail: 'The product does not exist.' },
      });
    }
    // A cursor that is of neither.
    expect(await send('/products?after=id.0')).toMatchObject({ status: 400 });
  });

  it('adds a product for admins alone', async () => {
    const lamp = { name: 'Lamp', price: 24.5, stock: 0 };
    const add = (token?: string) =>
      send('/products', { method: 'POST', body: lamp, ...(token !== undefined && { token }) });
    const added = await add(admin);
    expect(added.status).toBe(201);
    expect(Object.keys(added.body).sort()).toEqual(carried);
    expect(added.body).toMatchObject({ ...lamp, inStock: false });
    expect(added.headers.get('location')).toBe(`/products/${added.body.id}`);
    expect(await send(`/products/${added.body.id}`)).toMatchObject({ body: added.body });
    // Whatever the service admits in development without an identity.
    expect(await add()).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(await add(await storefront.login(accounts.john))).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect(await add('none')).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });

  it('changes and removes by the graph', async () => {
    const body = { name: 'Stool', price: 10, stock: 1 };
    const { body: added } = await send('/products', { method: 'POST', token: admin, body });
    const path = `/products/${added.id}`;
    const change = { method: 'PUT', token: admin, body: { ...body, price: 12.34 } };
    expect(await send(path, change)).toMatchObject({ status: 200, body: { price: 12.34 } });
    expect(await send(path)).toMatchObject({ body: { unitPrice: { amount: '12.34' } } });
    expect(await send(path, { method: 'DELETE', token: admin })).toMatchObject({ status: 204 });
    expect(await send(path)).toMatchObject({ status: 404 });
  });

  it('refuses what the graph refuses, as a problem', async () => {
    for (const [body, detail] of [
      [{ name: 'Lamp', price: 1.005, stock: 1 }, 'at most two decimals'],
      [{ name: ' ', price: 1, stock: 1 }, '1 to 200 characters'],
      [{ name: 'Lamp', price: 1, stock: 2 ** 31 }, '<=2147483647'],
    ] as const) {
      const answer = await send('/products', { method: 'POST', token: admin, body });
      expect(answer).toMatchObject({
        status: 400,
        type: 'application/problem+json; charset=utf-8',
        body: { code: 'BAD_USER_INPUT', detail: expect.stringContaining(detail) },
      });
    }
    expect(await send('/products?first=0')).toMatchObject({ status: 400 });
  });

  it('is described by the OpenAPI document for that', async () => {
    const { body } = await send('/openapi.json');
    expect(await new Validator().validate(structuredClone(body))).toEqual({ valid: true });
    expect(body).toEqual(JSON.parse(await readFile('docs/openapi.services.json', 'utf8')));
  });

  it('counts requests', async () => {
    const strict = await startTestStorefront({
      settings: { ...byServices, rateLimits: { enabled: true, restPerMinute: 2 } },
    });
    try {
      const statuses: number[] = [];
      for (let time = 0; time < 3; time += 1) {
        statuses.push((await sendTo(strict.gatewayUrl, '/products/1')).status);
      }
      expect(statuses).toEqual([200, 200, 429]);
    } finally {
      await strict.stop();
    }
  });

  it('does not start without the address of the service', async () => {
    const config = loadGatewayConfig({ GATEWAY_PORT: '0', LOG_LEVEL: 'silent' }, [byServices]);
    await expect(createGateway(config, { application: shop })).rejects.toThrow(
      'subgraphs.each.products.grpcAddress is missing',
    );
  });
});

/** A service that does what a test says, beside the subgraphs. */
describe('gateway: calls of a service for REST', () => {
  const open: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.stop();
  });

  it('carry who the viewer is, who calls, the correlation id and the trace', async () => {
    const scopes: CallScope[] = [];
    const { url, login } = await gatewayTo({
      getProduct: (_id, scope) => {
        scopes.push(scope);
        return Promise.resolve(laptop);
      },
    });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const token = await login();
    const headers = { 'x-correlation-id': 'of-this-request', traceparent };
    const { status, headers: answered } = await sendTo(url, '/products/1', { token, headers });
    expect([status, answered.get('x-correlation-id')]).toEqual([200, 'of-this-request']);
    await sendTo(url, '/products/1');
    const [mine, anybodys] = scopes;
    expect(mine).toMatchObject({ correlationId: 'of-this-request', traceparent });
    const keys = [developmentIdentityKey('products')];
    const viewerOf = createIdentityVerifier('products', keys);
    expect(viewerOf(mine?.header('x-gateway-identity') ?? '')).toMatchObject({
      kind: 'user',
      role: 'customer',
    });
    expect(viewerOf(anybodys?.header('x-gateway-identity') ?? '')).toEqual({ kind: 'anonymous' });
    const serviceOf = createServiceIdentityVerifier('products', keys);
    expect(serviceOf(mine?.header('x-service-identity') ?? '')).toBe('gateway');
  });

  it('end at the deadline of the subgraph', async () => {
    const gone: boolean[] = [];
    const { url } = await gatewayTo({
      settings: { subgraphs: { timeoutMs: 300 } },
      getProduct: async (_id, { signal }) => {
        await once(signal, 'abort');
        gone.push(signal.aborted);
        return laptop;
      },
    });
    expect(await sendTo(url, '/products/1')).toMatchObject({
      status: 504,
      body: { code: 'SUBGRAPH_TIMEOUT', detail: 'A subgraph did not answer in time.' },
    });
    await until(() => gone.length === 1);
  });

  it('are cancelled when the client leaves', async () => {
    let hasBegun = false;
    let hasEnded = false;
    const { url } = await gatewayTo({
      getProduct: async (_id, { signal }) => {
        hasBegun = true;
        await once(signal, 'abort');
        hasEnded = true;
        return laptop;
      },
    });
    const client = new AbortController();
    const asked = fetch(`${url}/products/1`, { signal: client.signal });
    await until(() => hasBegun);
    client.abort();
    await expect(asked).rejects.toThrow();
    await until(() => hasEnded);
  });

  it('read no more of the stream than a page takes, and have a limit', async () => {
    let sent = 0;
    let hasEnded = false;
    const { url } = await gatewayTo({
      listProducts: async function* ({ signal }) {
        signal.addEventListener('abort', () => {
          hasEnded = true;
        });
        for (let id = 1; !signal.aborted; id += 1) {
          sent = id;
          yield [{ ...laptop, id }];
        }
      },
    });
    const { body } = await sendTo(url, '/products?first=3');
    expect(body.products.map(({ id }: { id: string }) => id)).toEqual(['1', '2', '3']);
    expect(body.next).toBe('id.3');
    await until(() => hasEnded);
    expect(sent).toBeLessThan(100_000);
    const last = await sendTo(url, `/products?first=2&after=id.${readMost - 2}`);
    expect(last.body.products).toHaveLength(2);
    expect(await sendTo(url, `/products?first=2&after=${last.body.next}`)).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining(String(readMost)) },
    });
  });

  it('report what is wrong with the service without its words', async () => {
    const { url } = await gatewayTo({
      getProduct: () => Promise.reject(new Error('a secret of the database')),
    });
    expect(await sendTo(url, '/products/1')).toMatchObject({
      status: 502,
      body: { code: 'SUBGRAPH_ERROR', detail: 'A subgraph failed to answer properly.' },
    });
    await open.pop()?.stop();
    expect(await sendTo(url, '/products/1')).toMatchObject({
      status: 502,
      body: { code: 'SUBGRAPH_ERROR' },
    });
  });

  it('say when the service has no room, and when to come again', async () => {
    const { url } = await gatewayTo({
      getProduct: () => Promise.reject(new AppError('OVERLOADED', 'Too many.')),
    });
    const { status, headers, body } = await sendTo(url, '/products/1');
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'OVERLOADED', '1']);
  });

  it('are limited as calls to the subgraph are', async () => {
    let running = 0;
    const { url } = await gatewayTo({
      settings: { calls: { maxInFlight: 1, maxWaiting: 0 } },
      getProduct: async (_id, { signal }) => {
        running += 1;
        await once(signal, 'abort');
        return laptop;
      },
    });
    const client = new AbortController();
    const first = fetch(`${url}/products/1`, { signal: client.signal });
    await until(() => running === 1);
    expect(await sendTo(url, '/products/2')).toMatchObject({
      status: 503,
      body: { code: 'OVERLOADED' },
    });
    client.abort();
    await expect(first).rejects.toThrow();
    expect(running).toBe(1);
  });

  it('never add a product twice', async () => {
    let calls = 0;
    const { url } = await gatewayTo({
      createProduct: () => {
        calls += 1;
        return Promise.reject(new AppError('DATABASE_UNAVAILABLE', 'Not now.'));
      },
      getProduct: () => {
        calls += 1;
        return calls === 3
          ? Promise.resolve(laptop)
          : Promise.reject(new AppError('DATABASE_UNAVAILABLE', 'Not now.'));
      },
    });
    const body = { name: 'Lamp', price: 1, stock: 1 };
    expect(await sendTo(url, '/products', { method: 'POST', body })).toMatchObject({ status: 502 });
    expect(calls).toBe(1);
    // What only reads is tried again.
    expect(await sendTo(url, '/products/1')).toMatchObject({ status: 200 });
    expect(calls).toBe(3);
  });

  interface Answers {
    readonly settings?: GatewaySettings;
    readonly getProduct?: (id: number, scope: CallScope) => Promise<ProductResponse>;
    readonly createProduct?: () => Promise<ProductResponse>;
    readonly listProducts?: (scope: CallScope) => AsyncIterable<readonly ProductResponse[]>;
  }

  /** The storefront, whose gateway finds the service of this test in place of its own. */
  async function gatewayTo({ settings, ...answers }: Answers): Promise<{
    readonly url: string;
    login(): Promise<string>;
  }> {
    const service = await openService(answers);
    const storefront = await startTestStorefront({
      settings: {
        ...byServices,
        ...settings,
        subgraphs: { ...settings?.subgraphs, each: { products: { grpcAddress: service.address } } },
      },
    });
    open.push(storefront, service);
    return { url: storefront.gatewayUrl, login: () => storefront.login(accounts.john) };
  }

  function openService({ getProduct, createProduct, listProducts }: Answers): Promise<GrpcServer> {
    const admitAll = (): void => undefined;
    const absent = (): Promise<never> => Promise.reject(new Error('No test calls this.'));
    return openGrpcServer({
      address: { host: '127.0.0.1', port: 0, portSetting: 'none' },
      services: [
        {
          definition: productPackage,
          name: productService,
          methods: (handlers) => ({
            GetProduct: handlers.unary(
              admitAll,
              ({ product_id: id }: { product_id: number }, scope) =>
                (getProduct ?? absent)(id, scope),
            ),
            CreateProduct: handlers.unary(admitAll, createProduct ?? absent),
            ListProducts: handlers.serverStream(admitAll, (_request, scope) =>
              (listProducts ?? noProducts)(scope),
            ),
          }),
        },
      ],
      drain: { delayMs: 0, timeoutMs: 5_000 },
      clock: systemClock,
      log: createLogger('products', 'silent'),
    });
  }
});

async function* noProducts(): AsyncGenerator<readonly ProductResponse[]> {
  yield await Promise.resolve([]);
}

const laptop: ProductResponse = { id: 1, name: 'Laptop', price: 999.99, stock: 50 };

/** What a test sends. */
interface Sending {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The outcome of a request. */
interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly type: string | null;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it asked for
  readonly body: any;
}

async function sendTo(
  url: string,
  path: string,
  { method = 'GET', token, body, headers: further = {} }: Sending = {},
): Promise<Sent> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...further,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { status, headers } = response;
  const text = await response.text();
  const type = headers.get('content-type');
  return { status, headers, type, body: text === '' ? undefined : JSON.parse(text) };
}
