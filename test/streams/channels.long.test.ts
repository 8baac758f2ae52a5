import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LocalChannels } from '../../engine/index.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';
import { until } from '../support/until.ts';
import { type ChannelGraph, startChannelGraph } from './channel-graph.ts';
import { type OpenStream, openStream } from './read-events.ts';

describe('streams: events of channels', () => {
  const key = createSigningKey('one');
  let keys: KeyServer;
  let graph: ChannelGraph;
  let gateway: TestGateway;
  let channels: LocalChannels;
  let streams: OpenStream[] = [];
  beforeAll(async () => {
    keys = await startKeyServer([key]);
    graph = await startChannelGraph();
    channels = new LocalChannels();
    gateway = await startTestGateway(graph, {
      jwksUrl: keys.jwksUrl,
      channels,
      settings: {
        subscriptions: { maxPerViewer: 1_000, heartbeatMs: 100, reloadSpreadMs: 0 },
        subgraphs: { maxResponseBytes: 4_096 },
      },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
    await keys.stop();
  });
  beforeEach(() => {
    graph.orders.clear();
    graph.orders.set('1', { owner: 'ann', status: 'NEW' });
    graph.orders.set('2', { owner: 'bob', status: 'NEW' });
    graph.calls.length = 0;
  });
  afterEach(async () => {
    graph.breakOrders(false);
    for (const stream of streams) stream.leave();
    streams = [];
    await until(() => channels.size === 0);
  });
  const open = async (query: string, viewer?: string, variables = {}): Promise<OpenStream> => {
    const token =
      viewer && createAccessToken(key, Date.now(), { claims: { sub: viewer, sid: 'one' } });
    const headers: Record<string, string> =
      token === undefined ? {} : { authorization: `Bearer ${token}` };
    const stream = await openStream(gateway.url, query, { variables, headers });
    streams.push(stream);
    return stream;
  };
  const opened = (count: number): Promise<void> => until(() => channels.size === count);
  /** Long enough for heartbeats after the last event. */
  const quiet = (stream: OpenStream): Promise<void> => {
    const { length } = stream.text();
    return until(() => stream.text().slice(length).includes(':\n\n:\n\n'));
  };
  const order = (id: string): Readonly<Record<string, unknown>> => ({ __typename: 'Order', id });
  const dataOf = ({ events }: OpenStream): unknown[] =>
    events.map(({ data }) => (data as { readonly data?: unknown }).data);

  it('are completed by the subgraphs that know the rest', async () => {
    const stream = await open(
      'subscription ($id: ID!) { change: orderChanged(id: $id) { __typename no: id status items } }',
      'ann',
      { id: 1 },
    );
    await opened(1);
    channels.publish('order.1.ITEMS', order('1'));
    channels.publish('order.1.STATUS', order('1'));
    await until(() => stream.events.length === 1);
    graph.orders.set('1', { owner: 'ann', status: 'PAID' });
    channels.publish('order.1.STATUS', { ...order('1'), status: 'not asked there' });
    await until(() => stream.events.length === 2);
    const change = { __typename: 'Order', no: '1', items: 3 };
    expect(dataOf(stream)).toEqual([
      { change: { ...change, status: 'NEW' } },
      { change: { ...change, status: 'PAID' } },
    ]);
    expect(graph.calls.map(({ subgraph }) => subgraph).sort()).toEqual([
      ...['orders', 'orders', 'products', 'products'],
    ]);
    stream.leave();
    await opened(0);
  });

  it('may be of several types', async () => {
    const stream = await open(
      'subscription { changes { ... on Order { id status } ... on Product { name } } }',
      'ann',
    );
    await opened(1);
    channels.publish('changes', { __typename: 'Product', sku: 'chair' });
    channels.publish('changes', order('1'));
    await until(() => stream.events.length === 2);
    expect(dataOf(stream)).toEqual([
      { changes: { name: 'Product chair' } },
      { changes: { id: '1', status: 'NEW' } },
    ]);
  });

  it.each([
    'subscription { orders { id status } }',
    'subscription { orders { id } }',
    'subscription { orders { items } }',
    'subscription { orders { __typename } }',
    'subscription { mine { id items } }',
  ])('of an order of somebody else are not delivered at all: %s', async (query) => {
    const stream = await open(query, 'bob');
    await opened(1);
    graph.orders.set('secret', { owner: 'ann', status: 'NEW' });
    for (const id of ['1', 'secret', 'none', '2']) channels.publish('orders', order(id));
    await until(() => stream.events.length > 0);
    await quiet(stream);
    expect(stream.events).toHaveLength(1);
    expect(JSON.stringify(stream.events)).not.toContain('error');
    expect(stream.text()).not.toMatch(/secret|none/);
  });

  it.each(['{ orders { id } }', '{ orders { items id } }', '{ orders { status } }'])(
    'say nothing but an error while their owner cannot be asked: subscription %s',
    async (selection) => {
      const stream = await open(`subscription ${selection}`, 'ann');
      await opened(1);
      graph.breakOrders(true);
      channels.publish('orders', order('1'));
      await until(() => stream.events.length === 1);
      graph.breakOrders(false);
      channels.publish('orders', order('1'));
      await until(() => stream.events.length === 2);
      expect(stream.events[0]?.data).toEqual({
        data: null,
        errors: [expect.objectContaining({ path: ['orders'] })],
      });
      expect(stream.events[1]?.data).not.toHaveProperty('errors');
    },
  );

  it('begin with the present state, where the field says so, and miss nothing after it', async () => {
    const stream = await open('subscription { orderNow(id: "1") { id status } }', 'ann');
    await until(() => stream.events.length === 1);
    graph.orders.set('1', { owner: 'ann', status: 'PAID' });
    channels.publish('order.1.STATUS', order('1'));
    await until(() => stream.events.length === 2);
    const late = await open('subscription { orderNow(id: "1") { id status } }', 'ann');
    await until(() => late.events.length === 1);
    expect(dataOf(stream)).toEqual([
      { orderNow: { id: '1', status: 'NEW' } },
      { orderNow: { id: '1', status: 'PAID' } },
    ]);
    expect(dataOf(late)).toEqual([{ orderNow: { id: '1', status: 'PAID' } }]);
    const foreign = await open('subscription { orderNow(id: "1") { id } }', 'bob');
    await quiet(foreign);
    expect(foreign.events).toEqual([]);
  });

  it.each([
    ['subscription { mine { id } }', undefined, 'UNAUTHENTICATED'],
    ['subscription { administered { id } }', 'ann', 'FORBIDDEN'],
    ['subscription { administered { id } }', undefined, 'UNAUTHENTICATED'],
  ])('are refused before a channel is opened: %s as %s', async (query, viewer, code) => {
    const opening: string[] = [];
    const { open: own } = channels;
    channels.open = (channel, reader) => {
      opening.push(channel);
      return own.call(channels, channel, reader);
    };
    const stream = await open(query, viewer);
    await stream.ended;
    channels.open = own;
    expect(stream.events).toMatchObject([
      { data: { errors: [{ extensions: { code } }] } },
      { name: 'complete' },
    ]);
    expect(opening).toEqual([]);
    expect(graph.calls).toEqual([]);
  });

  it.each([
    '*',
    '>',
    '1.STATUS.x',
    'a b',
    '',
    '1\n',
    'ä',
    'x'.repeat(129),
    '{args.id}',
    '1/2',
    '1:2',
  ])('are not opened for a value that could mean another channel: %j', async (id) => {
    const stream = await open('subscription ($id: ID!) { orderChanged(id: $id) { id } }', 'ann', {
      id,
    });
    await stream.ended;
    expect(stream.events).toMatchObject([
      { data: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } },
      { name: 'complete' },
    ]);
    expect(channels.size).toBe(0);
  });

  it('that are no events are errors, and end nothing', async () => {
    const stream = await open('subscription { changes { ... on Order { id } } }', 'ann');
    await opened(1);
    const deep = `{"__typename":"Order","id":"1","x":${'['.repeat(600)}${']'.repeat(600)}}`;
    const bad = [
      ...['', '{', 'null', '[1]', '"text"', '{}', '{"__typename":5}', '{"__typename":"Order"}'],
      ...['{"__typename":"Part","id":"1"}', '{"__typename":"Unknown","id":"1"}', deep],
      ...['{"__typename":"__proto__"}', '{"__typename":"Order","id":{}}', 'x'.repeat(5_000)],
    ];
    // Another process sends what it likes.
    const readers = (
      channels as unknown as { readers: Map<string, Set<{ message(text: string): void }>> }
    ).readers;
    for (const text of bad) {
      for (const reader of readers.get('changes') ?? []) reader.message(text);
    }
    await until(() => stream.events.length >= bad.length);
    channels.publish('changes', order('1'));
    await until(() => stream.events.length === bad.length + 1);
    for (const { data } of stream.events.slice(0, -1)) {
      expect(data).toMatchObject({
        data: { changes: null },
        errors: [{ message: 'A subgraph failed to answer properly.' }],
      });
    }
    expect(stream.events.at(-1)?.data).toEqual({ data: { changes: { id: '1' } } });
    const reasons = gateway.log.filter(({ msg }) => msg === 'subgraph failed');
    expect(JSON.stringify(reasons)).toMatch(/is not JSON.*has no .*more than 4096 characters/s);
  });

  it('are fetched once for 500 equal subscriptions of a viewer, and apart for another viewer', async () => {
    const query = 'subscription { orders { id status seenBy } }';
    const own = await Promise.all(Array.from({ length: 500 }, () => open(query, 'ann')));
    const other = await open(query, 'bob');
    await opened(1);
    await until(
      async () => own.length === 500 && (await gateway.ask('{ __typename }')).status === 200,
    );
    graph.calls.length = 0;
    for (const id of ['1', '2', '1']) channels.publish('orders', order(id));
    await until(() => own.every(({ events }) => events.length === 2) && other.events.length === 1);
    const byViewer = (viewer: string) =>
      graph.calls.filter((call) => call.subgraph === 'orders' && call.viewer === viewer).length;
    expect([byViewer('ann'), byViewer('bob')]).toEqual([3, 3]);
    expect(dataOf(other)).toEqual([{ orders: { id: '2', status: 'NEW', seenBy: 'bob' } }]);
    for (const stream of own) {
      expect(dataOf(stream)).toEqual(
        Array(2).fill({ orders: { id: '1', status: 'NEW', seenBy: 'ann' } }),
      );
    }
  });

  it('of a type that no subgraph resolves are told to no one, unless the field is public', async () => {
    const pings = await open('subscription { pings { id } }', 'ann');
    const notes = await open('subscription { notes { text } }', 'ann');
    await opened(2);
    channels.publish('pings', { __typename: 'Ping', id: '1' });
    channels.publish('notes', { __typename: 'Note', text: 'Closed today.', more: 1 });
    await until(() => pings.events.length === 1 && notes.events.length === 1);
    expect(pings.events[0]?.data).toMatchObject({
      data: { pings: null },
      errors: [{ extensions: { code: 'SUBGRAPH_ERROR' } }],
    });
    expect(dataOf(notes)).toEqual([{ notes: { text: 'Closed today.' } }]);
  });

  it('go on over a new supergraph, unless it says that they come from another channel', async () => {
    const same = await open('subscription { orders { id } }', 'ann');
    const other = await open('subscription { changes { ... on Order { id } } }', 'ann');
    await opened(2);
    const next = graph.supergraph.replace('channel: "changes"', 'channel: "other"');
    expect(next).not.toBe(graph.supergraph);
    await writeFile(gateway.supergraphPath, next);
    await other.ended;
    expect(other.events).toMatchObject([
      { data: { errors: [{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' } }] } },
      { name: 'complete' },
    ]);
    const moved = await open('subscription { changes { ... on Order { id } } }', 'ann');
    await opened(2);
    channels.publish('other', order('1'));
    channels.publish('orders', order('1'));
    await until(() => moved.events.length === 1 && same.events.length === 1);
    await writeFile(gateway.supergraphPath, graph.supergraph);
    await moved.ended;
  });

  it('of a public field are fetched once for all viewers, without a viewer', async () => {
    const query = 'subscription { stock { sku name seenBy } }';
    const all = await Promise.all(['ann', 'bob', undefined].map((viewer) => open(query, viewer)));
    await opened(1);
    channels.publish('stock', { __typename: 'Product', sku: 'chair' });
    await until(() => all.every(({ events }) => events.length === 1));
    for (const stream of all) {
      expect(dataOf(stream)).toEqual([
        { stock: { sku: 'chair', name: 'Product chair', seenBy: 'anonymous' } },
      ]);
    }
    expect(graph.calls).toHaveLength(1);
  });

  it("reach each viewer with that viewer's data alone, for any viewers and subscriptions", async () => {
    const viewers = ['ann', 'bob', 'eve', undefined] as const;
    const queries = [
      'subscription { orders { id seenBy } }',
      'subscription { orders { id seenBy status } }',
      'subscription { orders { key: id seenBy items } }',
      'subscription { changes { ... on Order { id seenBy } } }',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...viewers), fc.constantFrom(...queries)), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.array(fc.tuple(fc.constantFrom('ann', 'bob', 'eve'), fc.nat(3)), {
          minLength: 1,
          maxLength: 8,
        }),
        async (readers, events) => {
          graph.orders.clear();
          for (const [owner, number] of events) {
            graph.orders.set(`${owner}-${number}`, { owner, status: 'NEW' });
          }
          const mark = 'last';
          const opening = await Promise.all(
            readers.map(async ([viewer, query]) => ({ viewer, stream: await open(query, viewer) })),
          );
          const kinds = new Set(
            readers.map(([, query]) => (query.includes('changes') ? 'c' : 'o')),
          );
          await opened(kinds.size);
          const send = (id: string): void => {
            for (const channel of ['orders', 'changes']) channels.publish(channel, order(id));
          };
          for (const [owner, number] of events) send(`${owner}-${number}`);
          // Each viewer has a last event: what came before has been handled then.
          for (const viewer of ['ann', 'bob', 'eve', 'anonymous']) {
            graph.orders.set(`${mark}-${viewer}`, { owner: viewer, status: 'NEW' });
            send(`${mark}-${viewer}`);
          }
          for (const { viewer = 'anonymous', stream } of opening) {
            await until(() => stream.text().includes(`${mark}-${viewer}`));
            const expected = events
              .filter(([owner]) => owner === viewer)
              .map(([owner, number]) => `${owner}-${number}`);
            const received = stream.events.map(({ data }) => {
              const { data: response, errors } = data as {
                data: Record<string, Record<string, string>>;
                errors?: unknown;
              };
              expect(errors).toBeUndefined();
              const [entity = {}] = Object.values(response);
              expect(entity.seenBy).toBe(viewer);
              return entity.id ?? entity.key;
            });
            expect(received).toEqual([...expected, `${mark}-${viewer}`]);
          }
          for (const { stream } of opening) stream.leave();
          await opened(0);
        },
      ),
      { numRuns: 15 },
    );
  });
});
