import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { buildSchema, graphql, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { compose } from '../gateway/small-graph.ts';
import { Feed } from './feed.ts';

/** An event of the feed: a parcel by its id, and where it is. */
export interface ParcelEvent {
  readonly id: string;
  readonly place: string;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external", "@authenticated"])`;

const trackingSdl = `${link}
type Query { open: Int }
type Subscription {
  moved(id: ID): Parcel
  arrived: Parcel
  mine: Parcel @authenticated
  refused: Parcel
}
type Parcel @key(fields: "id") { id: ID! place: String }
`;

const parcelsSdl = `${link}
type Query { parcel(id: ID!): Parcel }
type Mutation { touch: String endSession(id: ID!): String }
type Parcel @key(fields: "id") {
  id: ID!
  place: String @external
  owner: Owner
  label: String @requires(fields: "place")
}
type Owner { name: String! }
`;

/** tracking, which sends events over server-sent events by graphql-sse, and parcels, which completes them. */
export interface StreamGraph {
  readonly supergraph: string;
  /** What the supergraph was composed of, for one that has more. */
  readonly subgraphs: readonly {
    readonly name: string;
    readonly url: string;
    readonly sdl: string;
  }[];
  readonly feed: Feed<ParcelEvent>;
  /** What `parcels` was asked so far: the headers of its calls. */
  readonly calls: IncomingHttpHeaders[];
  /** How many subscriptions are open at the feed. */
  opened(): number;
  /** A single schema that has everything, as graphql-js executes it. */
  readonly whole: GraphQLSchema;
  /** Ends all connections of the subgraph that sends events, as its death does. */
  kill(): void;
  stop(): Promise<void>;
}

/** Serves the schema of a subgraph. */
export type ServeSchema = (
  schema: GraphQLSchema,
) => Promise<{ readonly url: string; readonly server: Server; stop?(): Promise<void> }>;

/** Starts both subgraphs on free ports, and composes them. */
export async function startStreamGraph(
  change: (sdl: string) => string = (sdl) => sdl,
  serveTracking: ServeSchema = serve,
): Promise<StreamGraph> {
  const feed = new Feed<ParcelEvent>();
  const calls: IncomingHttpHeaders[] = [];
  const source = resolversOf(feed);
  const tracking = await serveTracking(
    buildSubgraphSchema([{ typeDefs: parse(trackingSdl), resolvers: source as never }]),
  );
  const parcels = await serve(
    buildSubgraphSchema([
      {
        typeDefs: parse(parcelsSdl),
        resolvers: {
          Query: { parcel: (_: unknown, { id }: { id: string }) => ({ id }) },
          // As the subgraph of accounts does it, for a client that may end any session.
          Mutation: {
            endSession: (_: unknown, { id }: { id: string }, extensions: object) => {
              Object.assign(extensions, { endedSessions: [id] });
              return 'ended';
            },
          },
          Parcel: {
            __resolveReference: (reference: object) => reference,
            ...parcelFields,
          },
        } as never,
      },
    ]),
    calls,
  );
  const subgraphs = [
    { name: 'tracking', url: tracking.url, sdl: change(trackingSdl) },
    { name: 'parcels', url: parcels.url, sdl: parcelsSdl },
  ];
  return {
    supergraph: compose(subgraphs),
    subgraphs,
    feed,
    calls,
    opened: () => feed.open,
    whole: wholeSchema(feed),
    kill: () => {
      tracking.server.closeAllConnections();
    },
    stop: async () => {
      await Promise.all([tracking, parcels].map(stop));
    },
  };
}

/** The owner of parcel 13 cannot be read. */
const parcelFields = {
  owner: ({ id }: { id: string }) => {
    if (id === '13') throw new GraphQLError('No owner.', { extensions: { code: 'NOT_FOUND' } });
    return { name: `Owner of ${id}` };
  },
  label: ({ id, place }: Partial<ParcelEvent>) => `${id} at ${place}`,
};

function resolversOf(feed: Feed<ParcelEvent>) {
  const subscribe = () => feed.subscribe();
  const resolve = (event: ParcelEvent) => event;
  return {
    Query: { open: () => feed.open },
    Subscription: {
      moved: {
        subscribe: (_: unknown, { id }: { readonly id?: string }) => feed.subscribe(id),
        resolve,
      },
      arrived: { subscribe, resolve },
      mine: { subscribe, resolve },
      refused: {
        subscribe: () => {
          throw new GraphQLError('Not yours.', { extensions: { code: 'FORBIDDEN' } });
        },
      },
    },
  };
}

function wholeSchema(feed: Feed<ParcelEvent>): GraphQLSchema {
  const schema = buildSchema(`
    type Query { open: Int }
    type Subscription { moved(id: ID): Parcel }
    type Parcel { id: ID! place: String owner: Owner label: String }
    type Owner { name: String! }
  `);
  const moved = schema.getSubscriptionType()?.getFields().moved;
  const parcel = schema.getType('Parcel') as unknown as {
    getFields(): Record<string, { resolve?: unknown }>;
  };
  Object.assign(moved ?? {}, resolversOf(feed).Subscription.moved);
  for (const [name, resolve] of Object.entries(parcelFields)) {
    Object.assign(parcel.getFields()[name] ?? {}, { resolve });
  }
  return schema;
}

async function serve(
  schema: GraphQLSchema,
  calls: IncomingHttpHeaders[] = [],
): Promise<{ readonly url: string; readonly server: Server }> {
  const events = createHandler({ schema });
  const server = createServer((request, response) => {
    if (request.headers.accept?.includes('text/event-stream') === true) {
      events(request, response).catch((error: unknown) => {
        // A gateway may leave in the middle of an event, and this library takes that for a failure.
        if (response.socket?.destroyed !== true) throw error;
      });
      return;
    }
    calls.push(request.headers);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
        readonly query: string;
        readonly variables?: Readonly<Record<string, unknown>>;
      };
      const extensions = {};
      void graphql({
        schema,
        source: query,
        variableValues: variables ?? {},
        contextValue: extensions,
      }).then((result) => {
        const body = JSON.stringify({ ...result, extensions });
        response.setHeader('content-type', 'application/json').end(body);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` };
}

async function stop({ server, stop: ownStop }: Awaited<ReturnType<ServeSchema>>): Promise<void> {
  if (ownStop) return ownStop();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
