import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { GraphQLAnswer } from '../gateway/test-gateway.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import {
  corruption,
  drip,
  flood,
  latency,
  reply,
  replyJson,
  reset,
  secondReply,
  silence,
  truncation,
} from '../support/faults.ts';
import { unexplainedIn } from '../support/oracles/nulls-explained.ts';
import { accounts } from '../support/storefront.ts';
import { until } from '../support/until.ts';
import { type FaultyStorefront, startFaultyStorefront } from './faulty-storefront.ts';

const timeoutMs = 2_500;
const ok = { rating: 5, user: { name: 'John Doe' } };
/** From products, except for the name of the author, which is from users; a name cannot be null, an author can. */
const review = '{ product(id: "1") { name reviews { rating user { name } } } }';
/** Reviews of several authors, so that several entities are fetched at once. */
const authors = '{ catalog(first: 100) { nodes { reviews { user { id name } } } } }';

/**
 * The effect of each fault of one subgraph on a response: its part is null, with an error that reveals no internals.
 */
describe('faults/bad subgraphs, in production', () => {
  let shop: FaultyStorefront;
  let users: FaultProxy;
  let john: string;

  beforeAll(async () => {
    shop = await startFaultyStorefront({ subgraphs: { timeoutMs } });
    ({ users } = shop);
    john = await shop.storefront.login(accounts.john);
    await isWell();
  });
  afterAll(() => shop.stop());
  // Whatever was wrong with one response, the next ones are right. This many successful ones also keep the breaker
  // closed.
  afterEach(async () => {
    shop.mend();
    await isWell();
    await isWell();
  });

  const isWell = async (): Promise<void> => {
    const { data, errors } = await shop.gateway.ask(review);
    expect({ data, errors }).toEqual({
      data: { product: { name: 'Laptop', reviews: [ok] } },
      errors: undefined,
    });
  };
  /** What John gets when nothing fails, by query. */
  const expected = new Map<string, unknown>();
  /** Whatever a fault does to a response: its values are right, and each null caused by the fault has an error. */
  const askWith = async (fault: Fault, query = review): Promise<GraphQLAnswer> => {
    const headers = { authorization: `Bearer ${john}` };
    if (!expected.has(query)) expected.set(query, (await shop.gateway.ask(query, headers)).data);
    users.inject(fault);
    const answer = await shop.gateway.ask(query, headers);
    const unexplained = unexplainedIn({
      expected: expected.get(query),
      actual: answer.data,
      errorPaths: (answer.errors ?? []).map(({ path }) => path as (string | number)[] | undefined),
    });
    expect(unexplained).toBeUndefined();
    return answer;
  };
  const withoutAuthor = (code: string) => ({
    status: 200,
    data: { product: { name: 'Laptop', reviews: [{ rating: 5, user: null }] } },
    errors: [
      {
        message: {
          SUBGRAPH_ERROR: 'A subgraph failed to answer properly.',
          SUBGRAPH_TIMEOUT: 'A subgraph did not answer in time.',
        }[code],
        path: ['product', 'reviews', 0, 'user'],
        extensions: { code },
      },
    ],
  });
  const partsOf = ({ status, data, errors }: GraphQLAnswer) => ({ status, data, errors });

  it.each([
    ['is silent', silence],
    ['answers a byte at a time', drip(10)],
    ['answers after the timeout', latency(timeoutMs * 1.5)],
  ])('threat 54: a subgraph that %s is waited for within its deadline', async (_what, fault) => {
    const endedBefore = users.endedConnections();
    const answer = await askWith(fault);
    expect(partsOf(answer)).toEqual(withoutAuthor('SUBGRAPH_TIMEOUT'));
    await until(() => users.endedConnections() > endedBefore);
  });

  it('threat 55: a redirect is not followed, and nothing is sent to where it leads', async () => {
    const elsewhere = await startFaultProxy();
    elsewhere.inject(replyJson({ data: { _entities: [{ name: 'Forged' }] } }));
    try {
      for (const status of [301, 302, 303, 307, 308]) {
        const answer = await askWith(reply({ status, headers: { location: elsewhere.url } }));
        expect(partsOf(answer)).toEqual(withoutAuthor('SUBGRAPH_ERROR'));
        expect(answer.text).not.toContain('127.0.0.1');
        shop.mend();
        await isWell();
      }
      expect(elsewhere.requests).toEqual([]);
      expect(users.requests.join('\n')).not.toMatch(/^authorization:/im);
    } finally {
      await elsewhere.stop();
    }
  });

  it('threat 56: of 400 MB no more than 10 are read, and little more is buffered', async () => {
    let sent = 0;
    const answer = await askWith(
      flood(400 * 1024 * 1024, (bytes) => {
        sent += bytes;
      }),
    );
    expect(partsOf(answer)).toEqual(withoutAuthor('SUBGRAPH_ERROR'));
    expect(sent).toBeGreaterThan(10 * 1024 * 1024);
    // The buffers of two sockets are added. What is not sent is not stored.
    expect(sent).toBeLessThan(40 * 1024 * 1024);
  });

  it.each([
    ['gzip', gzipSync('[]'), 'gzip'],
    ['gzip in gzip', gzipSync(gzipSync(Buffer.alloc(10_000_000))), 'gzip, gzip'],
    ['a bomb without the header for gzip', gzipSync(Buffer.alloc(10_000_000)), 'identity'],
  ])('threat 56: %s is not decompressed', async (_what, body, encoding) => {
    const answer = await askWith(reply({ body, headers: { 'content-encoding': encoding } }));
    expect(partsOf(answer)).toEqual(withoutAuthor('SUBGRAPH_ERROR'));
  });

  it('threat 56: an answer that says it has 400 MB is not read at all', async () => {
    const answer = await askWith(reply({ headers: { 'content-length': '419430400' } }));
    expect(partsOf(answer)).toEqual(withoutAuthor('SUBGRAPH_ERROR'));
  });

  const secret = 'relation "users" does not exist at postgres://app:hunter2@db.internal:5432/shop';
  const page = `<html><h1>500</h1><pre>${secret}</pre></html>`;
  const html = { 'content-type': 'text/html' };

  it.each<readonly [string, Fault]>([
    ['a page', reply({ body: page, headers: html })],
    ['a page with status 500', reply({ status: 500, body: page, headers: html })],
    ['JSON under the type of a page', reply({ body: '{"data":{"_entities":[]}}', headers: html })],
    ['status 500 in JSON', reply({ status: 500, body: JSON.stringify({ error: secret }) })],
    ['status 503 and nothing', reply({ status: 503 })],
    ['status 401', reply({ status: 401, body: '{"errors":[{"message":"no"}]}' })],
    ['no JSON', reply({ body: `{"data": ${secret}` })],
    ['nothing', reply({})],
    ['a body that is cut off', truncation(5)],
    ['no head', truncation(100_000)],
    ['invalid UTF-8', corruption(30)],
    ['a reset', reset],
    ['invalid HTTP', ({ caller }) => void caller.write(`-ERR ${secret}\r\n\r\n`)],
  ])('threat 57: %s is null and an error, without URL or body', async (_what, fault) => {
    const answer = await askWith(fault);
    expect(partsOf(answer)).toEqual(withoutAuthor('SUBGRAPH_ERROR'));
    expect(answer.text).not.toMatch(/hunter2|127\.0\.0\.1|<html|db\.internal/);
  });

  it.each([
    ['a list', []],
    ['null', null],
    ['a text', 'users'],
    ['no data', {}],
    ['data that are null', { data: null }],
    ['no entities', { data: {} }],
    ['entities that are null', { data: { _entities: null } }],
    ['too few entities', { data: { _entities: [] } }],
    ['too many entities', { data: { _entities: [{ name: 'A' }, { name: 'B' }] } }],
    ['an entity of another type', { data: { _entities: [{ __typename: 'Order', name: 'A' }] } }],
    ['an entity that is a list', { data: { _entities: [[{ name: 'A' }]] } }],
  ])('threat 58: %s is null at the field', async (_what, value) => {
    const answer = await askWith(replyJson(value));
    expect(partsOf(answer)).toEqual(withoutAuthor('SUBGRAPH_ERROR'));
  });

  it('threat 58: with one entity too few, none is used, not even those before it', async () => {
    const good = await shop.gateway.ask(authors);
    expect(good.errors).toBeUndefined();
    expect(new Set(good.text.match(/"name":"[^"]*"/g)).size).toBeGreaterThan(1);
    const answer = await askWith(async ({ caller, forward }) => {
      const [head = '', body = ''] = (await forward()).toString().split('\r\n\r\n');
      const { data } = JSON.parse(body) as { data: { _entities: unknown[] } };
      const text = JSON.stringify({ data: { _entities: data._entities.slice(1) } });
      caller.write(
        `${head.replace(/content-length: \d+/i, `content-length: ${text.length}`)}\r\n\r\n${text}`,
      );
    }, authors);
    expect(answer.text).not.toMatch(/"name":"/);
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'SUBGRAPH_ERROR' });
  });

  it('threat 59: an error that would leak details has a known code, and is logged in full', async () => {
    const answer = await askWith(
      replyJson({
        data: { _entities: [null] },
        errors: [
          {
            message: secret,
            path: ['_entities', 0],
            extensions: { code: '42P01', stacktrace: ['at /srv/users.ts:7'], sql: 'select 1' },
          },
        ],
      }),
    );
    expect(partsOf(answer)).toEqual(withoutAuthor('SUBGRAPH_ERROR'));
    expect(shop.gateway.log).toContainEqual(
      expect.objectContaining({
        reason: secret,
        correlationId: answer.headers.get('x-correlation-id'),
      }),
    );
  });

  it('threat 59: an error meant for the client keeps only its message and code', async () => {
    const extensions = { code: 'FORBIDDEN', stacktrace: ['at /srv/users.ts:7'], http: {} };
    const answer = await askWith(
      replyJson({
        data: { _entities: [null] },
        errors: [{ message: 'Not yours.', path: ['_entities', 0], extensions }],
      }),
    );
    expect(answer.errors).toMatchObject([{ message: 'Not yours.' }]);
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
  });

  it('threat 60: an unrequested reply closes the connection, and reaches no client', async () => {
    const forged = JSON.stringify({ data: { me: { id: '666', email: 'forged@example.com' } } });
    const me = '{ me { id email } }';
    const endedBefore = users.endedConnections();
    const first = await askWith(secondReply({ body: forged }), me);
    expect(first.data).toEqual({ me: { id: '1', email: 'john@example.com' } });
    await until(() => users.endedConnections() > endedBefore);
    shop.mend();
    const others = await Promise.all(Array.from({ length: 10 }, () => shop.gateway.ask(me)));
    for (const { data } of others) expect(data).toEqual({ me: null });
  });

  it('threat 60: a late reply is not used for the next request', async () => {
    const me = '{ me { id email } }';
    let late: Buffer | undefined;
    users.inject(async ({ caller, forward }) => {
      const response = await forward();
      caller.write(late ?? response);
      late = response;
    });
    const first = await shop.gateway.ask(me, { authorization: `Bearer ${john}` });
    expect(first.text).toContain('john@example.com');
    const next = await shop.gateway.ask(me);
    expect(next.data).toEqual({ me: null });
  });

  it('threat 61: while a subgraph is down the data of the others arrive, up to the nearest nullable field', async () => {
    await users.kill();
    const query =
      '{ me { id } product(id: "1") { name reviews { rating user { id name } } } order(id: "123") { id user { email } } }';
    const { data, errors } = await shop.gateway.ask(query, { authorization: `Bearer ${john}` });
    await users.revive();
    expect(data).toEqual({
      me: null,
      product: { name: 'Laptop', reviews: [{ rating: 5, user: null }] },
      order: { id: '123', user: { email: null } },
    });
    expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual([
      'me',
      'order.user',
      'product.reviews.0.user',
    ]);
    for (const { extensions } of errors ?? []) expect(extensions.code).toBe('SUBGRAPH_ERROR');
  });

  it('no answer of a subgraph, however bad, has been held against the process', () => {
    expect(shop.gateway.log.filter(({ level }) => level === 'fatal')).toEqual([]);
  });
});
