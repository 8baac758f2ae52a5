import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { eventDirectiveSdl } from '../../common/event-directive.ts';
import { composerNames, loadComposer } from '../../composition/composers/composers.ts';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { eventsSdl } from '../streams/channel-graph.ts';
import { composeSchemas, problemsIn } from './composed-folder.ts';

const federation =
  '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])';
const linked = '@link(url: "https://supergraph-gateway.dev/event/v1.0", import: ["@event"])';
const head = `extend schema ${federation} ${linked} @composeDirective(name: "@event") ${eventDirectiveSdl}`;
const order = 'type Order @key(fields: "id", resolvable: false) { id: ID! }';
const owner = `extend schema ${federation} type Query { a: Int } type Order @key(fields: "id") { id: ID! }`;

describe('composition: @event', () => {
  it.each([
    ['type Subscription { a: Order @event(channel: "order.{args.id}") }', 'Add the argument "id"'],
    ['type Subscription { a(key: ID!): Order @event(channel: "o.{args.id}") }', 'arguments: key'],
    ['type Subscription { a(id: ID): Order @event(channel: "o.{args.id}") }', 'may be null'],
    ['type Subscription { a(id: [ID!]!): Order @event(channel: "o.{args.id}") }', 'single value'],
    [
      'input I { a: Int } type Subscription { a(id: I!): Order @event(channel: "o.{args.id}") }',
      'single value',
    ],
    ['type Subscription { a: Order @event(channel: "orders.*") }', 'has "orders.*"'],
    ['type Subscription { a: Order @event(channel: "orders.>") }', 'has "orders.>"'],
    ['type Subscription { a: Order @event(channel: "o.{id}") }', 'places such as {args.id}'],
    ['type Subscription { a: Order @event(channel: "") }', 'is empty'],
    [`type Subscription { a: Order @event(channel: "${'x'.repeat(257)}") }`, 'longer than 256'],
    ['type Subscription { a: [Order] @event(channel: "orders") }', 'on a list'],
    ['type Subscription { a: Note @event(channel: "notes") } type Note { t: Int }', 'has no @key'],
    [
      'type Subscription { a: U @event(channel: "u") } union U = Order | Note type Note { t: Int }',
      '"Note", which has no @key',
    ],
    [
      'type Subscription { a(no: ID!): Order @event(channel: "o.{args.no}", initial: true) }',
      'not a key of "Order"',
    ],
    [
      'type Query { a: Order @event(channel: "orders") }',
      'not on a field of the Subscription type',
    ],
  ])('%s is refused: %s', async (sdl, reason) => {
    const problems = problemsIn(
      await composeSchemas({ events: `${head}\n${sdl}\n${order}`, orders: owner }),
    );
    expect(problems.map(({ code }) => code)).toEqual(['EVENT_INVALID']);
    expect(`${problems[0]?.message} ${problems[0]?.fix}`).toContain(reason);
    expect(problems[0]?.places).toMatchObject([
      { file: expect.stringContaining('events'), line: 2 },
    ]);
  });

  it('that composition would lose is refused', async () => {
    const sdl = `extend schema ${federation} ${linked} ${eventDirectiveSdl}
      type Subscription { a: Order @event(channel: "orders") } ${order}`;
    const problems = problemsIn(await composeSchemas({ events: sdl, orders: owner }));
    expect(problems).toMatchObject([
      { code: 'EVENT_INVALID', fix: expect.stringContaining('@composeDirective(name: "@event")') },
    ]);
  });

  it.each([
    'type Subscription { a(id: ID!): Order @event(channel: "o:{args.id}/x", initial: true) }',
    'type Subscription { a(id: ID = 1): Order! @event(channel: "o.{args.id}") }',
    'type Subscription { a: Note @event(channel: "notes", public: true) } type Note { t: Int }',
  ])('has nothing against %s', async (sdl) => {
    expect(
      await composeSchemas({ events: `${head}\n${sdl}\n${order}`, orders: owner }),
    ).toMatchObject({ ok: true });
  });

  it('under another name is checked, and read by the gateway', async () => {
    const renamed = (channel: string): string =>
      `extend schema ${federation} ${linked.replace('"@event"', '{ name: "@event", as: "@from" }')}
        @composeDirective(name: "@from") ${eventDirectiveSdl.replace('@event', '@from')}
      type Subscription { a: Order @from(channel: "${channel}") } ${order}`;
    const wrong = await composeSchemas({ events: renamed('{args.x}'), orders: owner });
    expect(problemsIn(wrong).map(({ code }) => code)).toEqual(['EVENT_INVALID']);
    const right = await composeSchemas({ events: renamed('x'), orders: owner });
    if (!right.ok) throw new Error('Expected a supergraph.');
    const { events, subgraphs } = readSupergraph(right.supergraphSdl);
    expect([...events.fields.keys()]).toEqual(['a']);
    expect(subgraphs.map(({ name }) => name)).toEqual(['orders']);
  });

  it.each(composerNames)('is in the supergraph of the composer %s', async (name) => {
    const compose = await loadComposer(name);
    const others = `extend schema ${federation} type Query { a: Int }
      type Order @key(fields: "id") { id: ID! } type Product @key(fields: "sku") { sku: ID! }`;
    const services = Object.entries({ events: eventsSdl, others }).map(([each, sdl]) => ({
      name: each,
      url: `http://${each}.test/`,
      typeDefs: parse(sdl),
    }));
    const composed = compose(services, () => undefined);
    if (!composed.ok) throw new Error(String(composed.errors[0]));
    const { events, subgraphs, apiSchema } = readSupergraph(composed.supergraphSdl);
    expect([...events.fields.keys()]).toEqual([
      ...[
        'orderChanged',
        'orderNow',
        'orders',
        'mine',
        'administered',
        'changes',
        'stock',
        'notes',
        'pings',
      ],
    ]);
    expect(events.fields.get('orderNow')).toMatchObject({
      initialKey: { subgraph: 'events' },
      isPublic: false,
    });
    expect(events.fields.get('stock')?.isPublic).toBe(true);
    expect(events.ownersOf('Order').map(({ subgraph }) => subgraph)).toEqual(['others']);
    expect(subgraphs.map(({ name: each }) => each)).toEqual(['others']);
    expect(apiSchema.getDirective('event')).toBeUndefined();
  });

  it.each([
    ['"orders.*"', 'has "orders.*"'],
    ['"order.{args.id}"', 'names the argument "id"'],
    ['"orders", initial: true', 'the arguments are not a key'],
  ])('(channel: %s) of another composer is no supergraph: %s', async (given, reason) => {
    const right = await composeSchemas({
      events: `${head}\ntype Subscription { a: Order @event(channel: "orders") }\n${order}`,
      orders: owner,
    });
    if (!right.ok) throw new Error('Expected a supergraph.');
    const sdl = right.supergraphSdl.replace('channel: "orders"', `channel: ${given}`);
    expect(sdl).not.toBe(right.supergraphSdl);
    expect(() => readSupergraph(sdl)).toThrow(reason);
  });
});
