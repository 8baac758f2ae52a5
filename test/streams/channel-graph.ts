import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, GraphQLError, parse } from 'graphql';
import { systemClock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { eventDirectiveSdl } from '../../common/event-directive.ts';
import { createIdentityVerifier, identityHeader } from '../../common/identity-token.ts';
import type { Viewer } from '../../common/viewer.ts';
import { compose } from '../gateway/small-graph.ts';

const federation = `@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective", "@authenticated", "@requiresScopes"])`;

/** The subgraph of events, which has no server. */
export const eventsSdl = `extend schema ${federation}
  @link(url: "https://supergraph-gateway.dev/event/v1.0", import: ["@event"])
  @composeDirective(name: "@event")
${eventDirectiveSdl}
type Subscription {
  orderChanged(id: ID!, part: Part = STATUS): Order @event(channel: "order.{args.id}.{args.part}")
  orderNow(id: ID!): Order @event(channel: "order.{args.id}.STATUS", initial: true)
  orders: Order! @event(channel: "orders")
  mine: Order @event(channel: "orders") @authenticated
  administered: Order @event(channel: "orders") @requiresScopes(scopes: [["orders:all"]])
  changes: Change @event(channel: "changes")
  stock: Product @event(channel: "stock", public: true)
  notes: Note @event(channel: "notes", public: true)
  pings: Ping @event(channel: "pings")
}
enum Part { STATUS ITEMS }
union Change = Order | Product
type Note { text: String! }
type Ping @key(fields: "id", resolvable: false) { id: ID! }
type Order @key(fields: "id", resolvable: false) { id: ID! }
type Product @key(fields: "sku", resolvable: false) { sku: ID! }
`;

const ordersSdl = `extend schema ${federation}
type Query { order(id: ID!): Order }
type Order @key(fields: "id") { id: ID! status: String seenBy: String }
`;

const productsSdl = `extend schema ${federation}
type Query { product(sku: ID!): Product }
type Product @key(fields: "sku") { sku: ID! name: String seenBy: String }
type Order @key(fields: "id") { id: ID! items: Int }
`;

/** An order of the graph. */
export interface TestOrder {
  readonly owner: string;
  status: string;
}

/** A call of a subgraph for entities. */
export interface EntityCall {
  readonly subgraph: string;
  readonly viewer: string;
  readonly query: string;
}

/** orders, which tells an order only to its owner; products, which tells everyone; and events, which has no server. */
export interface ChannelGraph {
  readonly supergraph: string;
  readonly orders: Map<string, TestOrder>;
  /** All calls for entities so far. */
  readonly calls: EntityCall[];
  /** Lets orders answer with status 500. */
  breakOrders(isBroken: boolean): void;
  stop(): Promise<void>;
}

/** Starts both subgraphs on free ports, and composes all three. */
export async function startChannelGraph(events = eventsSdl): Promise<ChannelGraph> {
  const orders = new Map<string, TestOrder>();
  const calls: EntityCall[] = [];
  let isBroken = false;
  const note = (subgraph: string) => (viewer: string, query: string) => {
    if (query.includes('_entities')) calls.push({ subgraph, viewer, query });
  };
  const ownOrder = ({ id }: { id: string }, { viewer }: Context): object | null => {
    const order = orders.get(id);
    if (order?.owner === viewer) return { id, ...order, seenBy: viewer };
    if (id.startsWith('secret')) {
      throw new GraphQLError('Not yours.', { extensions: { code: 'FORBIDDEN' } });
    }
    return null;
  };
  const product = ({ sku }: { sku: string }, { viewer }: Context): object => ({
    sku,
    name: `Product ${sku}`,
    seenBy: viewer,
  });
  const ordersServer = await serve(
    'orders',
    ordersSdl,
    {
      Query: {
        order: (_: unknown, key: { id: string }, context: Context) => ownOrder(key, context),
      },
      Order: { __resolveReference: ownOrder },
    },
    note('orders'),
    () => isBroken,
  );
  const productsServer = await serve(
    'products',
    productsSdl,
    {
      Query: {
        product: (_: unknown, key: { sku: string }, context: Context) => product(key, context),
      },
      Product: { __resolveReference: product },
      Order: { __resolveReference: (key: object) => key, items: () => 3 },
    },
    note('products'),
  );
  return {
    supergraph: compose([
      { name: 'events', url: 'http://no.server.invalid/', sdl: events },
      { name: 'orders', url: ordersServer.url, sdl: ordersSdl },
      { name: 'products', url: productsServer.url, sdl: productsSdl },
    ]),
    orders,
    calls,
    breakOrders: (is) => {
      isBroken = is;
    },
    stop: async () => {
      for (const { server } of [ordersServer, productsServer]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}

interface Context {
  readonly viewer: string;
}

/** Who a call is for, by its signed identity; a call without a valid one is refused. */
function viewerOf(viewer: Viewer | undefined): string | undefined {
  return viewer?.kind === 'user' ? viewer.id : viewer?.kind;
}

async function serve(
  name: string,
  sdl: string,
  resolvers: object,
  onCall: (viewer: string, query: string) => void,
  isBroken: () => boolean = () => false,
): Promise<{ readonly url: string; readonly server: Server }> {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  const verify = createIdentityVerifier(name, [developmentIdentityKey(name)], systemClock);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const viewer = viewerOf(verify(String(request.headers[identityHeader])));
      if (viewer === undefined || isBroken()) {
        response.writeHead(viewer === undefined ? 401 : 500).end();
        return;
      }
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
        readonly query: string;
        readonly variables?: Readonly<Record<string, unknown>>;
      };
      onCall(viewer, query);
      const input = {
        schema,
        source: query,
        variableValues: variables ?? {},
        contextValue: { viewer },
      };
      void graphql(input).then((result) => {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` };
}
