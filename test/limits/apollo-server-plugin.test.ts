import { ApolloServer, type ApolloServerOptions, type BaseContext } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type MeasuredOperation,
  operationLimits,
  type OperationLimitsOptions,
} from '../../engine/index.ts';

const typeDefs = 'type Query { me: Node nodes(first: Int): [Node!] } type Node { id: ID me: Node }';

/** The limits in an Apollo Server that somebody has already, with a schema of its own. */
describe('limits: as a plugin of any Apollo Server', () => {
  const servers: ApolloServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  const start = async (
    options: OperationLimitsOptions = {},
    more: Partial<ApolloServerOptions<BaseContext>> = {},
  ): Promise<(query: string, variables?: object) => Promise<readonly [number, unknown]>> => {
    const server = new ApolloServer({
      typeDefs,
      resolvers: { Query: { me: () => ({ id: '1' }), nodes: () => [{ id: '1' }] } },
      plugins: [operationLimits(options)],
      includeStacktraceInErrorResponses: false,
      ...more,
    } as ApolloServerOptions<BaseContext>);
    servers.push(server);
    const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
    return async (query, variables = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return [response.status, await response.json()];
    };
  };

  const refused = (code: string, message: string): object => ({
    errors: [{ message, extensions: { code } }],
  });
  const tooDeep = refused(
    'GRAPHQL_VALIDATION_FAILED',
    'The operation is 3 levels deep; at most 2 are allowed.',
  );

  it('refuses with 400, also what it has refused before', async () => {
    const ask = await start({ limits: { maxDepth: 2 } });
    for (let n = 0; n < 3; n += 1) {
      expect(await ask('{ me { me { id } } }')).toEqual([400, tooDeep]);
      expect(await ask('{ me { id } }')).toEqual([200, { data: { me: { id: '1' } } }]);
    }
  });

  it('refuses where documents are stored as text outside', async () => {
    const store = new Map<string, string>();
    const ask = await start(
      { limits: { maxDepth: 2 } },
      {
        documentStore: {
          get: (key) =>
            Promise.resolve(store.has(key) ? JSON.parse(store.get(key) ?? '') : undefined),
          set: (key, document) => {
            store.set(key, JSON.stringify(document));
            return Promise.resolve();
          },
          delete: (key) => Promise.resolve(store.delete(key)),
        },
      },
    );
    for (let n = 0; n < 2; n += 1) {
      expect(await ask('{ me { me { id } } }')).toEqual([400, tooDeep]);
      expect(await ask('{ me { id } }')).toEqual([200, { data: { me: { id: '1' } } }]);
    }
    expect(store.size).toBe(2);
  });

  it('refuses where documents are not stored', async () => {
    const ask = await start({ limits: { maxDepth: 2 } }, { documentStore: null });
    expect(await ask('{ me { me { id } } }')).toEqual([400, tooDeep]);
  });

  it('refuses a condition at the root of a subscription, for which graphql-js would throw', async () => {
    const ask = await start({}, { typeDefs: `${typeDefs} type Subscription { me: Node }` });
    for (let n = 0; n < 2; n += 1) {
      expect(await ask('subscription ($s: Boolean!) { me @skip(if: $s) { id } }')).toEqual([
        400,
        refused(
          'GRAPHQL_VALIDATION_FAILED',
          'The root selection of a subscription must not have "@skip".',
        ),
      ]);
    }
  });

  it('counts tokens where the parser is not told to', async () => {
    const ask = await start({ limits: { maxTokens: 5 } });
    expect(await ask('{ me { id } }')).toMatchObject([
      400,
      refused('GRAPHQL_PARSE_FAILED', 'The document has 6 tokens; at most 5 are allowed.'),
    ]);
  });

  it('tells the cost of every valid operation, before it runs or is refused', async () => {
    const measured: MeasuredOperation[] = [];
    const ask = await start({
      cost: { max: 10 },
      onOperation: (operation) => measured.push(operation),
    });
    const query = 'query Nodes($n: Int) { nodes(first: $n) { id } me { id } }';
    expect((await ask(query, { n: 1 }))[0]).toBe(400);
    await ask('{ me { id } }');
    expect(measured.map(({ operationName, cost }) => [operationName, cost])).toEqual([
      ['Nodes', 11],
      [undefined, 1],
    ]);
  });
});
