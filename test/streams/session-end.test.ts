import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';
import { until } from '../support/until.ts';
import { openStream } from './read-events.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

const redisUrl = process.env.TEST_REDIS_URL;
const shared = redisUrl === undefined ? describe.skip : describe;
/** The events of each gateway: two streams of one session, and its socket. */
const perGateway = 3;

describe('streams: the end of a session', () => {
  describe('at a gateway alone', () => describeEnds(1, {}));
  shared('at two gateways with a Redis (TEST_REDIS_URL)', () =>
    describeEnds(2, { REDIS_URL: redisUrl ?? '' }),
  );
});

function describeEnds(count: number, environment: Readonly<Record<string, string>>): void {
  const key = createSigningKey('one');
  let keys: KeyServer;
  let graph: StreamGraph;
  let gateways: readonly TestGateway[];
  beforeAll(async () => {
    keys = await startKeyServer([key]);
    graph = await startStreamGraph();
    gateways = await Promise.all(
      Array.from({ length: count }, () =>
        startTestGateway(graph, {
          jwksUrl: keys.jwksUrl,
          environment,
          settings: { rateLimits: { redisKeyPrefix: `streams-${process.pid}` } },
        }),
      ),
    );
  });
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await graph.stop();
    await keys.stop();
  });
  const query = 'subscription { mine { id } }';
  const [other, third] = [
    'subscription { mine { id place } }',
    'subscription { mine { place id } }',
  ];
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);
  const tokenOf = (sid: string): string =>
    `Bearer ${createAccessToken(key, Date.now(), { claims: { sid } })}`;
  const ending = (id: string): string => `mutation { endSession(id: "${id}") }`;
  const clientOf = (gateway: TestGateway, authorization: string) => {
    const closes: unknown[] = [];
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization },
      on: { closed: (event) => closes.push((event as { readonly code: number }).code) },
    });
    return { client, closes };
  };

  it('threat 50: ends its streams and sockets at once, and no other', async () => {
    const [gone, stays] = [tokenOf('gone'), tokenOf('stays')];
    const streamsOf = (authorization: string) =>
      Promise.all(
        gateways.flatMap(({ url }) =>
          // Equal ones would share one at the subgraph.
          [
            [query, 'text/event-stream'] as const,
            [other, 'multipart/mixed;subscriptionSpec=1.0'] as const,
          ].map(([asked, accept]) =>
            openStream(url, asked, { headers: { authorization, accept } }),
          ),
        ),
      );
    const [ended, others] = [await streamsOf(gone), await streamsOf(stays)];
    const sockets = gateways.map((gateway) => clientOf(gateway, gone));
    const events = sockets.map(({ client }) => client.iterate({ query: third }).next());
    for (const event of events) event.catch(() => undefined);
    await opened(count * (perGateway + 2));
    await gateways[0]?.ask(ending('gone'), { authorization: stays });
    await Promise.all(ended.map((stream) => stream.ended));
    for (const stream of ended) expect(stream.text()).toContain('"SUBSCRIPTION_SESSION_ENDED"');
    await until(() => sockets.every(({ closes }) => closes[0] === 4403));
    await opened(count * 2);
    graph.feed.send({ id: '1', place: 'Gate' });
    await until(() => others.every((stream) => stream.text().includes('{"mine":{"id":"1"')));
    for (const gateway of gateways) {
      const { status, errors } = await gateway.ask('{ open }', { authorization: gone });
      expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
    for (const stream of others) stream.leave();
    await opened(0);
  });

  it('answers the operation that ends it before its socket closes', async () => {
    const [gateway] = gateways;
    if (!gateway) throw new Error('Expected a gateway.');
    const { client, closes } = clientOf(gateway, tokenOf('mine'));
    const event = client.iterate({ query }).next();
    event.catch(() => undefined);
    await opened(1);
    const results: unknown[] = [];
    for await (const result of client.iterate({ query: ending('mine') })) results.push(result);
    expect(results).toEqual([{ data: { endSession: 'ended' } }]);
    await until(() => closes.length === 1);
    expect(closes).toEqual([4403]);
    await opened(0);
  });
}
