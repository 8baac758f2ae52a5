import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentityVerifier, identityHeader } from '../../common/identity-token.ts';
import type { Viewer } from '../../common/viewer.ts';
import { type SmallGraph, type SmallSubgraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from './token-issuer.ts';

const spanning = '{ books { title author { name } } }';

/** What subgraphs learn: the viewer, signed for each of them, and nothing else that the client sent. */
describe('gateway: signed identities', () => {
  const key = createSigningKey('key-1');
  let nowMs = Math.floor(Date.now() / 1_000) * 1_000;
  const clock: Clock = { now: () => nowMs };
  let graph: SmallGraph;
  let keys: KeyServer;
  let gateway: TestGateway;
  let john: string;

  beforeAll(async () => {
    graph = await startSmallGraph();
    keys = await startKeyServer([key]);
    gateway = await startTestGateway(graph, { jwksUrl: keys.jwksUrl, clock });
    john = createAccessToken(key, nowMs);
  });
  afterAll(async () => {
    await gateway.stop();
    await keys.stop();
    await graph.stop();
  });
  beforeEach(() => {
    graph.authors.calls.length = 0;
    graph.books.calls.length = 0;
  });

  const identityAt = (subgraph: SmallSubgraph, call = -1): string =>
    String(subgraph.calls.at(call)?.headers[identityHeader]);
  const viewerAt = (subgraph: SmallSubgraph, name = subgraph.name): Viewer | undefined =>
    createIdentityVerifier(name, [developmentIdentityKey(name)], clock)(identityAt(subgraph));

  it('identifies the viewer to each subgraph, with a token only for it', async () => {
    await gateway.ask(spanning, { authorization: `Bearer ${john}` });
    const viewer = {
      kind: 'user',
      id: '1',
      role: 'customer',
      scopes: ['orders:read', 'profile'],
      sessionId: 'session-1',
    };
    expect(viewerAt(graph.books)).toEqual(viewer);
    expect(viewerAt(graph.authors)).toEqual(viewer);
    expect(viewerAt(graph.books, 'authors')).toBeUndefined();
  });

  it('identifies an anonymous viewer when there are no credentials', async () => {
    await gateway.ask(spanning);
    expect(viewerAt(graph.books)).toEqual({ kind: 'anonymous' });
    expect(viewerAt(graph.authors)).toEqual({ kind: 'anonymous' });
  });

  it('mints an identity once for a viewer, until 15 s of it remain', async () => {
    const headers = { authorization: `Bearer ${createAccessToken(key, nowMs)}` };
    await gateway.ask('{ me }', headers);
    const first = identityAt(graph.authors);
    nowMs += 45_000;
    const another = createAccessToken(key, nowMs);
    await gateway.ask('{ me }', { authorization: `Bearer ${another}` });
    expect(identityAt(graph.authors)).toBe(first);
    nowMs += 1_000;
    await gateway.ask('{ me }', headers);
    expect(identityAt(graph.authors)).not.toBe(first);
    expect(viewerAt(graph.authors)).toMatchObject({ id: '1' });
  });

  it('threat 43: distinguishes viewers that differ in a single property', async () => {
    const seen = new Set<string>();
    const variants = [{}, { sub: '2' }, { role: 'admin' }, { scope: 'profile' }, { sid: 'other' }];
    for (const claims of variants) {
      const authorization = `Bearer ${createAccessToken(key, nowMs, { claims })}`;
      await gateway.ask('{ me }', { authorization });
      seen.add(identityAt(graph.authors));
    }
    expect(seen.size).toBe(variants.length);
  });

  it('threat 38: forwards none of the client’s headers, not even one that looks like its own', async () => {
    await gateway.ask('{ me }', {
      authorization: `Bearer ${john}`,
      [identityHeader]: 'forged',
      'x-user-id': '3',
      'x-forwarded-for': '10.0.0.1',
      'x-client-address': '10.0.0.1',
      'x-deadline-ms': '1',
      cookie: 'session=1',
      'accept-language': 'de',
    });
    const { headers } = graph.authors.calls.at(-1) ?? { headers: {} };
    expect(Object.keys(headers).sort()).toEqual(
      [
        'accept',
        'connection',
        'content-length',
        'content-type',
        'host',
        identityHeader,
        'x-call-id',
        'x-correlation-id',
        'x-deadline-ms',
      ].sort(),
    );
    expect(viewerAt(graph.authors)).toMatchObject({ kind: 'user', id: '1' });
  });

  it('forwards only the configured headers', async () => {
    const allowing = await startTestGateway(graph, {
      settings: { subgraphs: { forwardedHeaders: ['Accept-Language', 'x-tenant'] } },
    });
    try {
      await allowing.ask('{ me }', { 'accept-language': 'de', 'x-tenant': 'a', 'x-user-id': '3' });
    } finally {
      await allowing.stop();
    }
    const { headers } = graph.authors.calls.at(-1) ?? { headers: {} };
    expect(headers).toMatchObject({ 'accept-language': 'de', 'x-tenant': 'a' });
    expect(headers).not.toHaveProperty('x-user-id');
  });

  it('uses the client’s correlation id in the response, every subgraph call and every log line', async () => {
    const id = 'order-page-000001';
    const { headers } = await gateway.ask(spanning, { 'x-correlation-id': id });
    expect(headers.get('x-correlation-id')).toBe(id);
    for (const { calls } of [graph.books, graph.authors]) {
      expect(calls.map((call) => call.headers['x-correlation-id'])).toEqual([id]);
    }
    expect(gateway.log).toContainEqual(
      expect.objectContaining({ correlationId: id, path: '/graphql', status: 200 }),
    );
  });

  it.each(['short', 'has spaces in it', 'x'.repeat(65), 'new\tline-in-it'])(
    'replaces the correlation id "%s"',
    async (id) => {
      const { headers } = await gateway.ask('{ me }', { 'x-correlation-id': id });
      expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(graph.authors.calls.at(-1)?.headers['x-correlation-id']).toBe(
        headers.get('x-correlation-id'),
      );
    },
  );
});
