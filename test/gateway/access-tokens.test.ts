import { createHmac, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner } from '../../common/identity-token.ts';
import { talk } from './edge-sockets.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
  type TokenChanges,
} from './token-issuer.ts';

const refusedText =
  '{"errors":[{"message":"The credentials are not valid.","extensions":{"code":"UNAUTHENTICATED"}}]}';

/** Authentication: the gateway checks the credentials before it reads the operation. */
describe('gateway: access tokens', () => {
  const key = createSigningKey('key-1');
  const stranger = createSigningKey('key-1');
  let graph: SmallGraph;
  let keys: KeyServer;
  let gateway: TestGateway;
  /** Where forged tokens claim that their key is. */
  let trap: Server;
  let trapUrl: string;
  let trapped = 0;

  beforeAll(async () => {
    trap = createServer((socket) => {
      trapped += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(trap, 'listening');
    trapUrl = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/keys`;
    graph = await startSmallGraph();
    keys = await startKeyServer([key]);
    gateway = await startTestGateway(graph, { jwksUrl: keys.jwksUrl });
    await gateway.ask('{ me }', { authorization: `Bearer ${token()}` });
  });
  afterAll(async () => {
    await gateway.stop();
    await keys.stop();
    await graph.stop();
    trap.close();
  });

  const token = (changes: TokenChanges = {}): string => createAccessToken(key, Date.now(), changes);

  it('allows no request without credentials', async () => {
    const { status, data } = await gateway.ask('{ books { title } }');
    expect(status).toBe(200);
    expect(data).toEqual({ books: [{ title: 'Notes' }] });
  });

  it('allows a request with a valid token', async () => {
    const { status, data, headers } = await gateway.ask('{ me }', {
      authorization: `Bearer ${token()}`,
    });
    expect(status).toBe(200);
    expect(data).toEqual({ me: 'somebody' });
    expect(headers.get('vary')).toContain('authorization');
  });

  it("threat 43: prevents caching of a viewer's response, whatever the subgraph allows", async () => {
    const body = '{"data":{"me":"anybody"}}';
    graph.authors.answerBy({ status: 200, headers: { 'cache-control': 'max-age=60' }, body });
    const toNobody = await gateway.ask('{ me }');
    const toViewer = await gateway.ask('{ me }', { authorization: `Bearer ${token()}` });
    graph.authors.answerBy(undefined);
    expect(toNobody.headers.get('cache-control')).toContain('max-age=60');
    expect(toViewer.headers.get('cache-control')).toBe('no-store');
  });

  const publicPem = createPublicKey(key.privateKey).export({ format: 'pem', type: 'spki' });
  const minute = 60;
  const now = Math.floor(Date.now() / 1000);
  const badTokens: readonly (readonly [string, () => string])[] = [
    ['text that is not a token', () => 'abc'],
    ['no signature', () => token().replace(/\.[^.]*$/, '.')],
    ['the algorithm none', () => token({ algorithm: 'none', secret: '' })],
    [
      'the public key used as a secret of HS256',
      () => {
        const [, payload] = token().split('.');
        const header = { alg: 'HS256', typ: 'at+jwt', kid: key.kid };
        const head = Buffer.from(JSON.stringify(header)).toString('base64url');
        const mac = createHmac('sha256', publicPem)
          .update(`${head}.${payload}`)
          .digest('base64url');
        return `${head}.${payload}.${mac}`;
      },
    ],
    ['a key of somebody else', () => token({ secret: stranger.privateKey })],
    ['an unknown key id', () => token({ header: { kid: 'key-2' } })],
    ['a key id that is a path', () => token({ header: { kid: '../../../../dev/null' } })],
    ['a key id that is SQL', () => token({ header: { kid: "' or '1'='1" } })],
    ['a key id that is an address', () => token({ header: { kid: trapUrl } })],
    ['a key id of Object', () => token({ header: { kid: '__proto__' } })],
    ['a chain of certificates', () => token({ header: { x5u: trapUrl } })],
    ['no key id', () => token({ header: { kid: undefined } })],
    ['another issuer', () => token({ claims: { iss: 'https://other.test' } })],
    ['another audience', () => token({ claims: { aud: 'other' } })],
    ['another type', () => token({ header: { typ: 'JWT' } })],
    ['a critical header', () => token({ header: { crit: ['exp'] } })],
    ['a key set of its own', () => token({ header: { jku: trapUrl } })],
    ['a key of its own', () => token({ header: { jwk: stranger.jwk } })],
    ['an end in the past', () => token({ claims: { exp: now - minute } })],
    ['no end', () => token({ claims: { exp: undefined } })],
    ['a beginning in the future', () => token({ claims: { nbf: now + minute } })],
    ['no subject', () => token({ claims: { sub: undefined } })],
    ['an empty subject', () => token({ claims: { sub: '' } })],
    ['no session', () => token({ claims: { sid: undefined } })],
    ['no scope', () => token({ claims: { scope: undefined } })],
    ['no role', () => token({ claims: { role: undefined } })],
    ['a role that does not exist', () => token({ claims: { role: 'owner' } })],
    ['over 15 KB, otherwise valid', () => token({ claims: { padding: 'x'.repeat(11_000) } })],
    ['over 8 KB, otherwise valid', () => token({ claims: { padding: 'x'.repeat(9_000) } })],
    [
      'a signed identity of the gateway',
      () =>
        createIdentitySigner('authors', developmentIdentityKey('authors'))({ kind: 'anonymous' })
          .token,
    ],
  ];

  it.each(badTokens)(
    'threats 44 and 45: refuses %s for a public field, with the same message, and fetches nothing',
    async (_what, make) => {
      const callsBefore = graph.books.calls.length;
      const fetchesBefore = keys.fetches();
      const { status, headers, text } = await gateway.ask('{ books { title } }', {
        authorization: `Bearer ${make()}`,
      });
      expect(text).toBe(refusedText);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(graph.books.calls).toHaveLength(callsBefore);
      // The keys were fetched when the first token came, less than 30 s ago.
      expect([keys.fetches(), trapped]).toEqual([fetchesBefore, 0]);
    },
  );

  it.each(['Basic am9objpwYXNz', 'Bearer', 'bearer a b', ''])(
    'threat 45: refuses the header "%s"',
    async (authorization) => {
      const { status, text } = await gateway.ask('{ books { title } }', { authorization });
      expect([status, text]).toEqual([401, refusedText]);
    },
  );

  it('threat 44: fetches no key, not even from the issuer, for a token that cannot be valid', async () => {
    const fresh = await startTestGateway(graph, { jwksUrl: keys.jwksUrl });
    const before = keys.fetches();
    try {
      for (const bad of [
        token({ algorithm: 'none', secret: '' }),
        token({ header: { typ: 'JWT' } }),
        token({ header: { jku: trapUrl } }),
        token({ claims: { padding: 'x'.repeat(11_000) } }),
      ]) {
        const { status } = await fresh.ask('{ me }', { authorization: `Bearer ${bad}` });
        expect([status, keys.fetches()]).toEqual([401, before]);
      }
    } finally {
      await fresh.stop();
    }
  });

  it('fetches keys with the user and password of their address, and does not reveal them', async () => {
    const withPassword = (address: string): string =>
      address.replace('//', '//reader:p%40ss-word@');
    const one = await startTestGateway(graph, { jwksUrl: withPassword(keys.jwksUrl) });
    const other = await startTestGateway(graph, { jwksUrl: withPassword('http://127.0.0.1:9/') });
    try {
      const headers = { authorization: `Bearer ${token()}` };
      const answers = [await one.ask('{ me }', headers), await other.ask('{ me }', headers)];
      expect(answers.map(({ status }) => status)).toEqual([200, 503]);
      const basic = Buffer.from('reader:p@ss-word').toString('base64');
      expect(keys.authorization()).toBe(`Basic ${basic}`);
      expect(other.log).toContainEqual(
        expect.objectContaining({
          url: 'http://127.0.0.1:9/',
          msg: 'keys of access tokens could not be fetched',
        }),
      );
      const shown = JSON.stringify([one.log, other.log, answers]);
      expect(shown).not.toMatch(/ss-word|reader/);
      expect(shown).not.toContain(basic);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });

  it('threats 19 and 44: treats a token of 100 KB as too large headers, and fetches nothing', async () => {
    const before = keys.fetches();
    const huge = token({ claims: { padding: 'x'.repeat(75_000) } });
    expect(huge.length).toBeGreaterThan(100_000);
    const answer = await talk(
      gateway.url,
      `GET /graphql?query={me} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${huge}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 431 .*x-correlation-id: .*"code":"BAD_REQUEST"/s);
    expect(answer).not.toContain('xxxx');
    expect(keys.fetches()).toBe(before);
  });

  it('threat 47: accepts no token in the query string, and logs none', async () => {
    const secret = token();
    const path = `/graphql?query=${encodeURIComponent('{ me }')}&access_token=${secret}`;
    const response = await fetch(gateway.url + path, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(response.status).toBe(200);
    expect(graph.authors.calls.at(-1)?.headers).not.toHaveProperty('authorization');
    expect(JSON.stringify(gateway.log)).not.toContain(secret.slice(-40));
  });

  it('logs which check failed, and does not tell the client', async () => {
    const { headers } = await gateway.ask('{ me }', {
      authorization: `Bearer ${token({ header: { typ: 'JWT' } })}`,
      'x-correlation-id': 'a-refused-request',
    });
    expect(headers.get('x-correlation-id')).toBe('a-refused-request');
    expect(gateway.log).toContainEqual(
      expect.objectContaining({ correlationId: 'a-refused-request', reason: 'wrong type' }),
    );
  });
});
