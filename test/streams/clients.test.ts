import { spawn } from 'node:child_process';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { until } from '../support/until.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

/** The clients of docs/streams.md, as they are shown there. */
describe('streams: clients', () => {
  let graph: StreamGraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    graph = await startStreamGraph();
    gateway = await startTestGateway(graph);
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);
  const socketClient = () =>
    createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
  const query = 'subscription { moved { id label } }';
  const sendTwo = async (received: readonly unknown[]): Promise<void> => {
    await opened(1);
    for (const id of ['1', '2']) graph.feed.send({ id, place: 'Gate' });
    await until(() => received.length === 2);
  };
  const expected = [
    { moved: { id: '1', label: '1 at Gate' } },
    { moved: { id: '2', label: '2 at Gate' } },
  ];

  it('curl -N', async () => {
    const curl = spawn('curl', [
      ...['-sN', `${gateway.url}/graphql`, '-H', 'content-type: application/json'],
      ...['-H', 'accept: text/event-stream', '-d', JSON.stringify({ query })],
    ]);
    let text = '';
    curl.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await opened(1);
    graph.feed.send({ id: '1', place: 'Gate' });
    await until(() => text.endsWith('\n\n'));
    expect(text).toBe(`event: next\ndata: ${JSON.stringify({ data: expected[0] })}\n\n`);
    curl.kill();
    await opened(0);
  });

  it('Apollo Client with GraphQLWsLink', async () => {
    const socket = socketClient();
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new GraphQLWsLink(socket),
    });
    const received: unknown[] = [];
    const subscription = client
      .subscribe({ query: gql(query), fetchPolicy: 'no-cache' })
      .subscribe(({ data }) => received.push(data));
    await sendTwo(received);
    expect(received).toMatchObject(expected);
    subscription.unsubscribe();
    await opened(0);
    client.stop();
    await socket.dispose();
  });

  it('urql over server-sent events', async () => {
    const client = new Client({
      url: `${gateway.url}/graphql`,
      preferGetMethod: false,
      fetchSubscriptions: true,
      exchanges: [fetchExchange],
    });
    const received: unknown[] = [];
    const { unsubscribe } = client
      .subscription(query, {})
      .subscribe(({ data }) => void received.push(data));
    await sendTwo(received);
    expect(received).toMatchObject(expected);
    unsubscribe();
    await opened(0);
  });

  it('urql with graphql-ws', async () => {
    const socket = socketClient();
    const client = new Client({
      url: `${gateway.url}/graphql`,
      preferGetMethod: false,
      exchanges: [
        subscriptionExchange({
          forwardSubscription: ({ query: text = '', variables }) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe({ query: text, variables }, sink as never),
            }),
          }),
        }),
      ],
    });
    const received: unknown[] = [];
    const { unsubscribe } = client
      .subscription(query, {})
      .subscribe(({ data }) => void received.push(data));
    await sendTwo(received);
    expect(received).toMatchObject(expected);
    unsubscribe();
    await opened(0);
    await socket.dispose();
  });
});
