import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, GraphQLError, type GraphQLSchema, parse } from 'graphql';

/** A call as a subgraph received it. */
export interface ReceivedCall {
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  /** How the call ended: answered completely, or aborted by the caller before that. */
  readonly ended: Promise<'answered' | 'abandoned'>;
}

/** A real subgraph over HTTP, small enough to be part of the test. */
export interface SmallSubgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
  /** All calls so far, oldest first. */
  readonly calls: ReceivedCall[];
  /** Answers the next calls with this instead; `undefined` restores the default. */
  answerBy(answer: RawAnswer | undefined): void;
  stop(): Promise<void>;
}

/** A response that no GraphQL server would send. */
export interface RawAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Waits for this before it answers. */
  readonly after?: Promise<void>;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`;

const authorsSdl = `${link}
type Query {
  me: String
  author(id: ID!): Author
  failing: String
  refused: String
  slow: String
}
type Mutation {
  change: String
  login(input: LoginInput!): SessionPayload
  refreshToken(input: RefreshTokenInput!): SessionPayload
}
type Subscription { ticks: Int }
input LoginInput { email: String! password: String! }
input RefreshTokenInput { refreshToken: String! }
type SessionPayload { session: Session userErrors: [UserError!]! }
type Session { accessToken: String! refreshToken: String! tokenType: String! expiresIn: Int! }
type UserError { code: String! message: String! path: [String!] }
type Author @key(fields: "id") { id: ID! name: String! }
`;

const booksSdl = `${link}
type Query { books: [Book!] }
type Book @key(fields: "id") { id: ID! title: String! author: Author }
type Author @key(fields: "id", resolvable: false) { id: ID! }
`;

const session = {
  accessToken: 'an-access-token',
  refreshToken: 'a-refresh-token',
  tokenType: 'Bearer',
  expiresIn: 900,
};

/** Controls when the query `slow` or the mutation `change` is answered. */
export interface SlowField {
  /** Resolves when a call waits. */
  readonly asked: Promise<void>;
  answer(): void;
}

/** authors, which also logs in, and books, which refers to authors; and the supergraph of both. */
export interface SmallGraph {
  readonly authors: SmallSubgraph;
  readonly books: SmallSubgraph;
  readonly supergraph: string;
  readonly slow: SlowField;
  stop(): Promise<void>;
}

/** Starts both subgraphs on free ports and composes them. */
export async function startSmallGraph(): Promise<SmallGraph> {
  const asked = withResolvers();
  const answered = withResolvers();
  const slow = async (): Promise<string> => {
    asked.resolve();
    await answered.promise;
    return 'at last';
  };
  const author = { id: '1', name: 'Ada' };
  const authors = await startSmallSubgraph('authors', authorsSdl, {
    Query: {
      me: (_: unknown, _args: object, headers: IncomingHttpHeaders) =>
        typeof headers['x-gateway-identity'] === 'string' ? 'somebody' : null,
      author: () => author,
      failing: () => {
        throw new Error('relation "authors" does not exist at /srv/authors/db.ts:12');
      },
      refused: () => {
        throw new GraphQLError('You may not use "Query.refused".', {
          extensions: { code: 'FORBIDDEN' },
        });
      },
      slow,
    },
    Mutation: {
      change: slow,
      login: (_: unknown, { input }: { input: { password: string } }) =>
        input.password === 'right'
          ? { session, userErrors: [] }
          : { session: null, userErrors: [] },
      refreshToken: (_: unknown, { input }: { input: { refreshToken: string } }) =>
        input.refreshToken === 'still-good'
          ? { session, userErrors: [] }
          : { session: null, userErrors: [] },
    },
    Author: { __resolveReference: () => author },
  });
  const books = await startSmallSubgraph('books', booksSdl, {
    Query: { books: () => [{ id: '7', title: 'Notes', author: { id: '1' } }] },
  });
  return {
    authors,
    books,
    supergraph: compose([authors, books]),
    slow: { asked: asked.promise, answer: answered.resolve },
    async stop() {
      answered.resolve();
      await Promise.all([authors.stop(), books.stop()]);
    },
  };
}

/** The supergraph of some subgraphs. */
export function compose(
  subgraphs: readonly { readonly name: string; readonly url: string; readonly sdl: string }[],
): string {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** Starts a subgraph on a free port. */
export async function startSmallSubgraph(
  name: string,
  sdl: string,
  resolvers: object,
): Promise<SmallSubgraph> {
  const typeDefs = parse(sdl);
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]);
  const calls: ReceivedCall[] = [];
  let raw: RawAnswer | undefined;
  const server = createServer((request, response) => {
    const ended = endOf(response);
    void answer(request, schema, raw, (call) => calls.push({ ...call, ended })).then(
      ({ status, headers, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
      },
    );
  });
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return {
    name,
    url: `http://127.0.0.1:${port}/graphql`,
    sdl,
    calls,
    answerBy: (next) => {
      raw = next;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  schema: GraphQLSchema,
  raw: RawAnswer | undefined,
  note: (call: Omit<ReceivedCall, 'ended'>) => void,
): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { query, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
    query: string;
    variables?: Record<string, unknown>;
  };
  note({ headers: request.headers, query });
  if (raw) {
    await raw.after;
    return raw;
  }
  const result = await graphql({
    schema,
    source: query,
    contextValue: request.headers,
    variableValues: variables ?? {},
  });
  return { status: 200, body: JSON.stringify(result) };
}

function endOf(response: ServerResponse): ReceivedCall['ended'] {
  return new Promise((resolve) => {
    response.once('close', () => {
      resolve(response.writableFinished ? 'answered' : 'abandoned');
    });
  });
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
