import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import type { Clock } from '../../common/clock.ts';
import { correlationHeader } from '../../common/correlation.ts';
import {
  createIdentitySigner,
  createIdentityVerifier,
  identityHeader,
} from '../../common/identity-token.ts';
import { createLogger } from '../../common/logger.ts';
import { anonymous } from '../../common/viewer.ts';
import { everyone } from '../../subgraphs/kit/access.ts';
import {
  buildExecutableSchema,
  type SubgraphContext,
} from '../../subgraphs/kit/define-subgraph.ts';
import { listen, type ListeningServer } from '../../subgraphs/kit/http-server.ts';
import { patienceMs } from '../support/patience.ts';
import { user } from '../support/subgraph.ts';

const key = 'a key of the echo subgraph, 32 bytes long';
const unauthenticated = {
  errors: [
    {
      message: 'A valid signed identity is required.',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
};

/** Emits `asked`, with the function that lets it answer, when the slow field is asked for. */
const slowField = new EventEmitter();

const schema = buildExecutableSchema({
  name: 'echo',
  schema: parse(`
    type Query { whoAsks: String correlationId: String slow: String fails: String }
    type Subscription { ticks: Int }
  `),
  resolvers: {
    Query: {
      whoAsks: (_: unknown, _args: unknown, { viewer }: SubgraphContext) =>
        viewer.kind === 'user' ? viewer.id : 'nobody',
      correlationId: (_: unknown, _args: unknown, context: SubgraphContext) =>
        context.correlationId,
      slow: () =>
        new Promise<string>((resolve) => {
          slowField.emit('asked', resolve);
        }),
      fails: () => {
        throw new Error('postgres://secret@db/shop does not answer');
      },
    },
  },
  access: { fields: { Query: everyone, Subscription: everyone } },
});

describe('kit/subgraph over HTTP', () => {
  let server: ListeningServer;

  beforeAll(async () => {
    server = await start();
  });

  afterAll(async () => {
    await server.stop();
  });

  it.each([
    '{ whoAsks }',
    '{ __typename }',
    '{ _service { sdl } }',
    '{ __schema { types { name } } }',
  ])('threat 37: answers nothing without a signed identity: %s', async (query) => {
    const response = await post({ query }, {});
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual(unauthenticated);
  });

  it.each([
    ["another subgraph's", createIdentitySigner('users', key)(anonymous).token],
    ['one under another key', createIdentitySigner('echo', `other ${key}`)(anonymous).token],
    ['an ended one', createIdentitySigner('echo', key, clockAt(-61_000))(anonymous).token],
    ['an invalid one', 'nonsense'],
  ])('threat 37: does not take %s', async (_, token) => {
    const response = await post({ query: '{ __typename }' }, { [identityHeader]: token });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual(unauthenticated);
  });

  it('does not read a body before authentication', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{ not json',
      signal: AbortSignal.timeout(patienceMs),
    });
    expect(response.status).toBe(401);
  });

  it.each(['content-type', 'accept'])(
    'threat 19: answers 431 to a header that a parser would take long for: %s',
    async (name) => {
      const headers = {
        ...identityOf(anonymous),
        [name]: `application/json;a=${' '.repeat(9_000)}x`,
      };
      const response = await post({ query: '{ __typename }' }, headers);
      expect([response.status, await response.json()]).toMatchObject([
        431,
        { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
      ]);
    },
  );

  it('threat 38: knows the viewer from the signed identity alone', async () => {
    const headers = { ...identityOf(user('7')), 'x-user-id': '1', authorization: 'Bearer x' };
    const response = await post({ query: '{ whoAsks }' }, headers);
    expect(await response.json()).toEqual({ data: { whoAsks: '7' } });
  });

  it('takes the correlation id of the gateway, gives it to resolvers and sends it back', async () => {
    const headers = { ...identityOf(anonymous), [correlationHeader]: 'correlation-42' };
    const response = await post({ query: '{ correlationId }' }, headers);
    expect(response.headers.get(correlationHeader)).toBe('correlation-42');
    expect(await response.json()).toEqual({ data: { correlationId: 'correlation-42' } });
  });

  it('makes one correlation id where none came', async () => {
    const response = await post({ query: '{ correlationId }' }, identityOf(anonymous));
    const id = response.headers.get(correlationHeader);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toEqual({ data: { correlationId: id } });
  });

  it('reveals no internals of an error', async () => {
    const response = await post({ query: '{ fails }' }, identityOf(anonymous));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      data: { fails: null },
      errors: [{ message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
  });

  it.each([
    ['malformed JSON', '{ "query": ', 400, 'BAD_REQUEST'],
    ['no query', '{}', 400, 'BAD_REQUEST'],
    [
      'a body over 2 MB',
      JSON.stringify({ query: `{ whoAsks } # ${'x'.repeat(2_200_000)}` }),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('answers %s with an error in JSON, not a stack', async (_, body, status, code) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...identityOf(anonymous) },
      body,
      signal: AbortSignal.timeout(patienceMs),
    });
    expect(response.status).toBe(status);
    const { errors } = (await response.json()) as { errors: readonly object[] };
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect(JSON.stringify(errors)).not.toMatch(/at .*\.(ts|js):/);
  });

  it.each([
    ['subscription ($s: Boolean!) { ticks @skip(if: $s) }', { s: true }],
    ['subscription { ...A @include(if: $a) } fragment A on Subscription { ticks }', {}],
  ])(
    'refuses a condition at the root of a subscription, each time: %s',
    async (query, variables) => {
      for (let times = 0; times < 2; times += 1) {
        const response = await post({ query, variables }, identityOf(anonymous));
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({
          errors: [
            {
              message: expect.stringMatching(/^The root selection of a subscription must not have/),
              extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
            },
          ],
        });
      }
    },
  );

  it.each([
    ['GET', '/graphql'],
    ['GET', '/'],
    ['POST', '/elsewhere'],
  ])('has nothing at %s %s', async (method, path) => {
    const response = await fetch(`${server.url}${path}`, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      errors: [{ message: 'This address does not exist.', extensions: { code: 'NOT_FOUND' } }],
    });
  });

  it('answers health checks and public routes without an identity', async () => {
    const health = await fetch(`${server.url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const route = await fetch(`${server.url}/.well-known/thing`);
    expect(await route.json()).toEqual({ thing: 1 });
    expect(route.headers.get('cache-control')).toBe('public, max-age=300');
  });

  it.each([
    ['is ready while its database answers', () => Promise.resolve(), 200, { status: 'ready' }],
    [
      'is not ready when its database does not answer, and lives on',
      () => Promise.reject(new Error('gone')),
      503,
      { status: 'unready', missing: ['database'] },
    ],
    [
      'is not ready when its database says nothing',
      () => new Promise<void>(() => undefined),
      503,
      { status: 'unready', missing: ['database'] },
    ],
  ])('%s', async (_what, askDatabase, status, body) => {
    const asking = await start({ askDatabase });
    const ready = await fetch(`${asking.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([status, body]);
    expect((await fetch(`${asking.url}/healthz`)).status).toBe(200);
    await asking.stop();
  });

  it('asks its database once for the probes of a second', async () => {
    let asked = 0;
    const askDatabase = (): Promise<void> => {
      asked += 1;
      return Promise.resolve();
    };
    const asking = await start({ askDatabase });
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => fetch(`${asking.url}/readyz`)));
    expect(asked).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / 1_000);
    await asking.stop();
  });

  it('does not take a hash for a text: it keeps no texts of clients', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
    const response = await post({ extensions }, identityOf(anonymous));
    expect(await response.json()).toMatchObject({
      errors: [{ message: 'PersistedQueryNotSupported' }],
    });
  });

  it('answers what is in flight before it stops, and keeps no connection waiting', async () => {
    const stopping = await start();
    const asked = once(slowField, 'asked', { signal: AbortSignal.timeout(patienceMs) });
    const answer = post({ query: '{ slow }' }, identityOf(anonymous), stopping.url);
    const [finish] = (await asked) as [(text: string) => void];
    const stopped = stopping.stop();
    finish('done');
    expect(await (await answer).json()).toEqual({ data: { slow: 'done' } });
    await stopped;
    await expect(fetch(`${stopping.url}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('says which port is taken, and what to do', async () => {
    const squatter = createServer();
    squatter.listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    try {
      await expect(start({ port })).rejects.toMatchObject({
        code: 'PORT_IN_USE',
        message: `Port ${port} on 127.0.0.1 is in use.`,
        advice: expect.stringContaining('choose another port'),
      });
    } finally {
      squatter.close();
    }
  });

  function post(body: object, headers: object, url = server.url): Promise<Response> {
    return fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
  }
});

function start({
  port = 0,
  drainDelayMs = 0,
  askDatabase = () => Promise.resolve(),
} = {}): Promise<ListeningServer> {
  return listen(
    {
      schema,
      verifyIdentity: createIdentityVerifier('echo', [key]),
      introspection: true,
      context: (request) => request,
      publicRoutes: [
        {
          path: '/.well-known/thing',
          answer: () => ({ body: { thing: 1 }, maxAgeSeconds: 300 }),
        },
      ],
      askDatabase,
      log: createLogger('echo', 'silent'),
    },
    { host: '127.0.0.1', port, portSetting: 'GARDEN_PORT', drainDelayMs, drainTimeoutMs: 10_000 },
  );
}

function identityOf(viewer: Parameters<ReturnType<typeof createIdentitySigner>>[0]) {
  return { [identityHeader]: createIdentitySigner('echo', key)(viewer).token };
}

function clockAt(laterMs: number): Clock {
  return { now: () => Date.now() + laterMs };
}
