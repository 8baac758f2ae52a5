import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import {
  ApolloClient,
  CombinedGraphQLErrors,
  CombinedProtocolErrors,
  gql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';
import { until } from '../support/until.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

/** What Apollo Client 4.3 sends with a subscription. */
const ofApolloClient =
  'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9';

describe('streams: the multipart subscription protocol of Apollo Client', () => {
  const key = createSigningKey('one');
  let keys: KeyServer;
  let graph: StreamGraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    keys = await startKeyServer([key]);
    graph = await startStreamGraph();
    gateway = await startTestGateway(graph, {
      jwksUrl: keys.jwksUrl,
      settings: { subscriptions: { heartbeatMs: 300 } },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
    await keys.stop();
  });
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);
  const open = (query: string, accept = ofApolloClient): RawStream =>
    new RawStream(gateway.url, query, accept);
  const head = '\r\ncontent-type: application/json\r\n\r\n';
  const opening = `\r\n--graphql${head}{}\r\n--graphql`;
  const heartbeat = `${head}{}\r\n--graphql`;

  it('writes each part at once, with the delimiter behind it', async () => {
    const stream = open('subscription { moved { id label } }');
    await opened(1);
    for (const id of ['1', '2']) graph.feed.send({ id, place: 'Gate 🎁' });
    await until(() => stream.writes().join('').includes('"2 at'));
    graph.feed.complete();
    await stream.ended;
    expect(stream.head()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(stream.head()).toMatch(
      /\r\ncontent-type: multipart\/mixed; ?boundary="graphql"; ?subscriptionSpec=1\.0\r\n/i,
    );
    const part = (id: string): string =>
      `${head}{"payload":{"data":{"moved":{"id":"${id}","label":"${id} at Gate 🎁"}}}}\r\n--graphql`;
    expect(stream.writes().filter((text) => text !== heartbeat)).toEqual([
      opening,
      part('1'),
      part('2'),
      '--\r\n',
    ]);
  });

  it.each([
    'multipart/mixed;subscriptionSpec="1.0"',
    'multipart/mixed; boundary="a,b"; subscriptionSpec=1.0, application/json',
    'application/json, multipart/mixed;subscriptionSpec=1.0;q=0.1',
  ])('is spoken to a client that accepts %s', async (accept) => {
    const stream = open('subscription { moved { id } }', accept);
    await until(() => stream.writes().includes(opening));
    stream.leave();
    await opened(0);
  });

  it('sends empty parts while nothing happens', async () => {
    const stream = open('subscription { moved { id } }');
    await until(() => stream.writes().length === 3);
    expect(stream.writes()).toEqual([opening, heartbeat, heartbeat]);
    stream.leave();
    await opened(0);
  });

  it.each(['multipart/mixed', 'multipart/mixed;subscriptionSpec=2.0', '*/*'])(
    'is spoken to no other client: %s',
    async (accept) => {
      const stream = open('subscription { moved { id } }', accept);
      await stream.ended;
      expect(stream.head()).toMatch(/^HTTP\/1\.1 40[06] /);
    },
  );

  it.each([
    [{}, 'subscription ($s: Boolean!) { moved @skip(if: $s) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    [{ maxDepth: 2 }, 'subscription { moved { owner { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
    [{ costMax: 1 }, 'subscription { moved { owner { name } } }', 'COST_ESTIMATED_TOO_EXPENSIVE'],
  ])('with limits %j, answers %s with 400', async (limits, query, code) => {
    const limited = await startTestGateway(graph, { settings: { limits } });
    const before = graph.feed.opened;
    const stream = new RawStream(limited.url, query, ofApolloClient);
    await stream.ended;
    expect(stream.head()).toMatch(/^HTTP\/1\.1 400 /);
    expect(stream.writes().join('')).toContain(`"code":"${code}"`);
    expect(graph.feed.opened).toBe(before);
    await limited.stop();
  });

  const clientOf = (headers: Record<string, string> = {}): ApolloClient =>
    new ApolloClient({
      cache: new InMemoryCache(),
      link: new HttpLink({ uri: `${gateway.url}/graphql`, headers }),
    });
  const subscribe = (query: string, headers?: Record<string, string>) => {
    const received: { data?: unknown; error?: unknown }[] = [];
    const client = clientOf(headers);
    let isComplete = false;
    const subscription = client
      .subscribe({ query: gql(query), fetchPolicy: 'no-cache', errorPolicy: 'all' })
      .subscribe({
        next: ({ data, error }) => received.push({ data, error }),
        complete: () => (isComplete = true),
      });
    return {
      received,
      isComplete: () => isComplete,
      leave: () => {
        subscription.unsubscribe();
        client.stop();
      },
    };
  };

  it('shows Apollo Client each event, and no heartbeat', async () => {
    const { received, leave } = subscribe('subscription { moved { id owner { name } } }');
    await opened(1);
    for (const id of ['1', '2', '3']) {
      graph.feed.send({ id, place: 'Gate' });
      await until(() => received.length === Number(id));
      expect(received.at(-1)?.data).toMatchObject({
        moved: { id, owner: { name: `Owner of ${id}` } },
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(received).toHaveLength(3);
    leave();
    await opened(0);
  });

  it('shows Apollo Client what an event lacks, and goes on', async () => {
    const { received, leave } = subscribe('subscription { moved { id owner { name } } }');
    await opened(1);
    graph.feed.send({ id: '13', place: 'Dock' });
    await until(() => received.length === 1);
    expect(received[0]?.data).toMatchObject({ moved: { id: '13', owner: null } });
    expect(received[0]?.error).toBeInstanceOf(CombinedGraphQLErrors);
    graph.feed.send({ id: '14', place: 'Dock' });
    await until(() => received.length === 2);
    leave();
    await opened(0);
  });

  it('tells Apollo Client why the gateway ends a subscription', async () => {
    const now = Date.now();
    const exp = Math.floor(now / 1000) + 3;
    const token = createAccessToken(key, now, { claims: { exp } });
    const { received, isComplete } = subscribe('subscription { mine { id } }', {
      authorization: `Bearer ${token}`,
    });
    await opened(1);
    await until(isComplete);
    expect(received).toHaveLength(1);
    const error = received[0]?.error;
    expect(error).toBeInstanceOf(CombinedProtocolErrors);
    expect((error as CombinedProtocolErrors).errors).toMatchObject([
      { extensions: { code: 'SUBSCRIPTION_TOKEN_EXPIRED' } },
    ]);
    await opened(0);
  });

  it('tells Apollo Client that the subgraph has failed', async () => {
    const { received, isComplete } = subscribe('subscription { moved { id } }');
    await opened(1);
    graph.kill();
    await until(isComplete);
    expect((received[0]?.error as CombinedProtocolErrors).errors).toMatchObject([
      { extensions: { code: 'SUBGRAPH_ERROR' } },
    ]);
    await opened(0);
  });

  it.each([
    ['subscription { mine { id } }', 'UNAUTHENTICATED'],
    ['subscription { moved { nothing } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { refused { id } }', 'FORBIDDEN'],
  ])('shows Apollo Client a refusal: %s', async (query, code) => {
    const { received, isComplete } = subscribe(query);
    await until(isComplete);
    expect((received[0]?.error as CombinedGraphQLErrors).errors).toMatchObject([
      { extensions: { code } },
    ]);
  });

  it('answers a query of a client that would take events with one response', async () => {
    const { data } = await clientOf().query({ query: gql('{ open }') });
    expect(data).toEqual({ open: 0 });
    const stream = open('{ open }', 'multipart/mixed;subscriptionSpec=1.0');
    await stream.ended;
    expect(stream.head()).toMatch(/content-type: application\/json/i);
    expect(stream.writes().join('')).toContain('{"data":{"open":0}}');
  });
});

/** A response as it comes over a socket: its head, and the texts that were written one by one (RFC 9112 §7.1). */
class RawStream {
  readonly ended: Promise<unknown>;
  private readonly socket: Socket;
  private bytes = Buffer.alloc(0);

  constructor(url: string, query: string, accept: string) {
    const body = JSON.stringify({ query });
    this.socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    this.socket.on('data', (chunk: Buffer) => (this.bytes = Buffer.concat([this.bytes, chunk])));
    this.ended = once(this.socket, 'close');
    this.socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\naccept: ${accept}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  }

  head(): string {
    return this.bytes.subarray(0, Math.max(0, this.bytes.indexOf('\r\n\r\n') + 2)).toString();
  }

  writes(): readonly string[] {
    const body = this.bytes.subarray(this.head().length + 2);
    if (!/^transfer-encoding: chunked\r$/im.test(this.head())) return [body.toString()];
    const texts: string[] = [];
    for (let at = 0; ;) {
      const lineEnd = body.indexOf('\r\n', at);
      const size = Number.parseInt(body.subarray(at, lineEnd).toString(), 16);
      if (lineEnd < 0 || !(size > 0) || body.length < lineEnd + 2 + size) return texts;
      texts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size).toString());
      at = lineEnd + 2 + size + 2;
    }
  }

  leave(): void {
    this.socket.destroy();
  }
}
