import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { until } from '../support/until.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

const often = 100;
const never = 600_000;

/** The clients of docs/streams.md, as they are shown there. */
describe.each([
  ['without heartbeats', never],
  ['with heartbeats', often],
])('streams: clients, %s', (_with, heartbeatMs) => {
  let graph: StreamGraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    graph = await startStreamGraph();
    gateway = await startTestGateway(graph, { settings: { subscriptions: { heartbeatMs } } });
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
  const event = (id: string) => ({ moved: { id, label: `${id} at Gate` } });
  /** Sends three events. Without heartbeats, each must arrive although nothing follows; with them, none may be an event. */
  const sendThree = async (received: readonly unknown[]): Promise<void> => {
    await opened(1);
    for (const [before, id] of ['1', '2', '3'].entries()) {
      graph.feed.send({ id, place: 'Gate' });
      await until(() => received.length > before);
    }
    if (heartbeatMs === often) await pause(5 * often);
    expect(received).toMatchObject(['1', '2', '3'].map(event));
    expect(received).toHaveLength(3);
  };

  it('curl -N', async () => {
    const curl = spawn('curl', [
      ...['-sN', `${gateway.url}/graphql`, '-H', 'content-type: application/json'],
      ...['-H', 'accept: text/event-stream', '-d', JSON.stringify({ query })],
    ]);
    const received: unknown[] = [];
    curl.stdout.on('data', (chunk: Buffer) => {
      // Comments are heartbeats.
      const text = chunk.toString().replaceAll(':\n\n', '');
      if (text === '') return;
      const [, json = ''] = /^event: next\ndata: (.*)\n\n$/.exec(text) ?? [];
      received.push((JSON.parse(json) as { data: unknown }).data);
    });
    await sendThree(received);
    curl.kill();
    await opened(0);
  });

  it('Apollo Client with HttpLink', async () => {
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new HttpLink({ uri: `${gateway.url}/graphql` }),
    });
    const received: unknown[] = [];
    const subscription = client
      .subscribe({ query: gql(query), fetchPolicy: 'no-cache' })
      .subscribe(({ data }) => received.push(data));
    await sendThree(received);
    subscription.unsubscribe();
    await opened(0);
    client.stop();
  });

  it('graphql-sse', async () => {
    const client = createSseClient({ url: `${gateway.url}/graphql`, retryAttempts: 0 });
    const received: unknown[] = [];
    const unsubscribe = client.subscribe(
      { query },
      {
        next: ({ data }) => void received.push(data),
        error: (error) => void received.push(error),
        complete: () => undefined,
      },
    );
    await sendThree(received);
    unsubscribe();
    await opened(0);
    client.dispose();
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
    await sendThree(received);
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
    await sendThree(received);
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
    await sendThree(received);
    unsubscribe();
    await opened(0);
    await socket.dispose();
  });
});
