import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExecutionResult, parse, subscribe } from 'graphql';
import { createClient } from 'graphql-sse';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { until } from '../support/until.ts';
import { openStream } from './read-events.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

describe('streams: subscriptions over server-sent events', () => {
  let graph: StreamGraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    graph = await startStreamGraph();
    gateway = await startTestGateway(graph, {
      settings: { subscriptions: { heartbeatMs: 100, newestOnly: ['arrived'] } },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);

  it.each([
    'subscription { moved { id place } }',
    'subscription { moved { place label owner { name } id } }',
    'subscription S { spot: moved(id: 1) { __typename tag: label owner { who: name } } }',
    'subscription ($yes: Boolean = false) { moved { id owner @include(if: $yes) { name } } }',
  ])('sends for each event what graphql-js sends: %s', async (query) => {
    const oracle = (await subscribe({
      schema: graph.whole,
      document: parse(query),
    })) as AsyncIterableIterator<ExecutionResult>;
    const stream = await openStream(gateway.url, query);
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await opened(2);
    const events = ['1', '2', '3'].map((id) => ({ id, place: `Gate ${id} 🎁` }));
    for (const event of events) graph.feed.send(event);
    await until(() => stream.events.length === 3);
    graph.feed.complete();
    await stream.ended;
    const expected: unknown[] = [];
    for await (const result of oracle) {
      expected.push({ name: 'next', data: JSON.parse(JSON.stringify(result)) as unknown });
    }
    expect(expected).toHaveLength(3);
    expect(stream.events).toEqual([...expected, { name: 'complete', data: undefined }]);
    await opened(0);
  });

  it('says in its payload what an event lacks, and goes on', async () => {
    const stream = await openStream(gateway.url, 'subscription { moved { id owner { name } } }');
    await opened(1);
    for (const id of ['13', '14']) graph.feed.send({ id, place: 'Dock' });
    await until(() => stream.events.length === 2);
    stream.leave();
    expect(stream.events.map(({ data }) => data)).toMatchObject([
      {
        data: { moved: { id: '13', owner: null } },
        errors: [{ path: ['moved', 'owner'], extensions: { code: 'NOT_FOUND' } }],
      },
      { data: { moved: { id: '14', owner: { name: 'Owner of 14' } } } },
    ]);
    await opened(0);
  });

  it('closes a quiet subscription at the subgraph when its client leaves', async () => {
    const stream = await openStream(gateway.url, 'subscription { moved { id } }');
    await opened(1);
    stream.leave();
    await opened(0);
  });

  it('sends comments while nothing happens, and no event', async () => {
    const stream = await openStream(gateway.url, 'subscription { moved { id } }');
    await until(() => stream.text().includes(':\n\n:\n\n'));
    expect(stream.events).toEqual([]);
    stream.leave();
    await opened(0);
  });

  it('says that the subgraph has failed, and ends that operation alone', async () => {
    const stream = await openStream(gateway.url, 'subscription { moved { id } }');
    await opened(1);
    graph.kill();
    await stream.ended;
    expect(stream.events).toMatchObject([
      {
        name: 'next',
        data: { data: { moved: null }, errors: [{ extensions: { code: 'SUBGRAPH_ERROR' } }] },
      },
      { name: 'complete' },
    ]);
    await opened(0);
    expect((await gateway.ask('{ open }')).data).toEqual({ open: 0 });
  });

  it('passes on the refusal of the subgraph', async () => {
    const stream = await openStream(gateway.url, 'subscription { refused { id } }');
    await stream.ended;
    expect(stream.events).toMatchObject([
      { data: { errors: [{ message: 'Not yours.', extensions: { code: 'FORBIDDEN' } }] } },
      { name: 'complete' },
    ]);
  });

  it.each([
    ['subscription { mine { id } }', 'UNAUTHENTICATED'],
    ['subscription { moved { nothing } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { moved { id } arrived { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription ($s: Boolean!) { moved @skip(if: $s) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { moved { id ', 'GRAPHQL_PARSE_FAILED'],
    ['subscription ($id: ID!) { moved(id: $id) { id } }', 'BAD_USER_INPUT'],
  ])('refuses as it does a query: %s', async (query, code) => {
    const before = graph.feed.opened;
    const stream = await openStream(gateway.url, query);
    await stream.ended;
    expect(stream.response.status).toBe(200);
    expect(stream.events).toMatchObject([
      { name: 'next', data: { errors: [{ extensions: { code } }] } },
      { name: 'complete' },
    ]);
    expect(graph.feed.opened).toBe(before);
  });

  it.each([
    [{ costMax: 1 }, 'COST_ESTIMATED_TOO_EXPENSIVE'],
    [{ maxDepth: 2 }, 'GRAPHQL_VALIDATION_FAILED'],
  ])('limits it as it does a query: %j', async (limits, code) => {
    const limited = await startTestGateway(graph, { settings: { limits } });
    const before = graph.feed.opened;
    const stream = await openStream(limited.url, 'subscription { moved { owner { name } } }');
    await stream.ended;
    expect(stream.events).toMatchObject([
      { name: 'next', data: { errors: [{ extensions: { code } }] } },
      { name: 'complete' },
    ]);
    expect(graph.feed.opened).toBe(before);
    await limited.stop();
  });

  it('answers a query with one event, and a subscription without the media type with 400', async () => {
    const stream = await openStream(gateway.url, '{ open }');
    await stream.ended;
    expect(stream.events).toEqual([
      { name: 'next', data: { data: { open: 0 } } },
      { name: 'complete', data: undefined },
    ]);
    const { status, errors } = await gateway.ask('subscription { moved { id } }');
    expect([status, errors?.[0]?.message]).toEqual([400, expect.stringContaining('event-stream')]);
  });

  it('lets equal subscriptions of a viewer share one, where the newest event is the state', async () => {
    const before = graph.feed.opened;
    const query = 'subscription { arrived { id owner { name } } }';
    const streams = await Promise.all(
      Array.from({ length: 10 }, () => openStream(gateway.url, query)),
    );
    await opened(1);
    const calls = graph.calls.length;
    graph.feed.send({ id: '5', place: 'Shelf' });
    await until(() => streams.every(({ events }) => events.length === 1));
    expect(graph.calls.length - calls).toBe(1);
    const late = await openStream(gateway.url, query);
    await until(() => late.events.length === 1);
    expect(late.events).toEqual(streams[0]?.events);
    for (const stream of streams) stream.leave();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(graph.feed.open).toBe(1);
    late.leave();
    await opened(0);
    expect(graph.feed.opened - before).toBe(1);
  });

  it('serves the client of graphql-sse', async () => {
    const client = createClient({ url: `${gateway.url}/graphql`, retryAttempts: 0 });
    const results = client.iterate({
      query: 'subscription { moved { id label } }',
    });
    const first = results.next();
    await opened(1);
    graph.feed.send({ id: '8', place: 'Ship' });
    expect((await first).value).toEqual({ data: { moved: { id: '8', label: '8 at Ship' } } });
    await results.return?.();
    await opened(0);
    client.dispose();
  });
});
