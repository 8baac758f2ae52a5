import { createHash } from 'node:crypto';
import type { BaseContext } from '@apollo/server';
import { ApolloServerPluginLandingPageProductionDefault } from '@apollo/server/plugin/landingPage/default';
import responseCachePlugin from '@apollo/server-plugin-response-cache';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import {
  type Answer,
  type Scenario,
  type ServerOptions,
  type SharedOptions,
  withEach,
} from './gateways.ts';
import { recordHooks } from './recorded-hooks.ts';
import { type Shop, startShop } from './shop.ts';

describe('drop-in: an Apollo Server around the gateway', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.stop());

  /** The result of a scenario with our gateway, if ApolloGateway gives the same. */
  const same = async <T>(
    scenario: Scenario<T>,
    around: () => ServerOptions = () => ({}),
    options: Partial<SharedOptions> = {},
  ): Promise<T> => {
    const { supergraphSdl } = shop;
    const { theirs, ours } = await withEach(
      (create) => ({ gateway: create({ supergraphSdl, ...options }), ...around() }),
      scenario,
    );
    expect(ours).toEqual(theirs);
    return ours;
  };

  const reviewed = '{ product { name reviews { stars } } }';

  it.each([
    ['a query', { query: reviewed }],
    [
      'variables',
      { query: 'query ($id: ID!) { product(id: $id) { name } }', variables: { id: 7 } },
    ],
    [
      'one of two operations',
      { query: `query A ${reviewed} query B { __typename }`, operationName: 'A' },
    ],
    ['a mutation', { query: 'mutation { rename(id: 1, name: "n") { name reviews { stars } } }' }],
    ['introspection', { query: '{ __type(name: "Product") { fields { name args { name } } } }' }],
    ['a syntax error', { query: '{ product' }],
    ['an unknown field', { query: '{ product { nam } }' }],
    ['a variable that is missing', { query: 'query ($id: ID!) { product(id: $id) { name } }' }],
    [
      'a variable that is wrong',
      { query: 'query ($id: ID!) { product(id: $id) { name } }', variables: { id: {} } },
    ],
    ['an error of a subgraph', { query: '{ refused product { name } }' }],
    ['a failure of a subgraph', { query: '{ failing }' }],
    ['a list of operations', [{ query: reviewed }]],
    ['no query', {}],
  ])('answers %s over HTTP as with ApolloGateway', async (_what, body) => {
    await same(({ post }) => post(body));
  });

  it.each([
    ['that it has not', { query: `query A ${reviewed}`, operationName: 'B' }],
    ['that it does not say', { query: 'query A { __typename } query B { __typename }' }],
  ])(
    "refuses an operation %s with the same message, as the client's mistake",
    async (_what, body) => {
      const { supergraphSdl } = shop;
      const { theirs, ours } = await withEach(
        (create) => ({ gateway: create({ supergraphSdl }) }),
        ({ post }) => post(body),
      );
      const wordsOf = ({ body: answer }: Answer) =>
        (answer as { errors: { message: string }[] }).errors.map(({ message }) => message);
      expect(wordsOf(ours)).toEqual(wordsOf(theirs));
      expect([theirs.status, ours.status]).toEqual([500, 400]);
    },
  );

  it('calls the hooks of plugins in the same order, with the same arguments', async () => {
    const recorded: string[][] = [];
    const calls = await same(
      async ({ post }) => {
        const events = recorded.at(-1) ?? [];
        const during = async (body: unknown): Promise<string[]> => {
          const before = events.length;
          await post(body);
          return events.slice(before);
        };
        return {
          start: events.slice(),
          answered: await during({ query: reviewed }),
          again: await during({ query: reviewed }),
          failing: await during({ query: '{ failing }' }),
          invalid: await during({ query: '{ nothing }' }),
          unread: await during({ query: '{' }),
          wrong: await during({ query: 'query ($id: ID!) { product(id: $id) { id } }' }),
          absent: await during({}),
        };
      },
      () => {
        const events: string[] = [];
        recorded.push(events);
        return { plugins: [recordHooks(events)] };
      },
    );
    const names = (events: readonly string[]) => events.map((event) => event.split(' ', 1)[0]);
    expect(names(calls.start)).toEqual(['serverWillStart', 'schemaDidLoadOrUpdate']);
    expect(names(calls.answered)).toEqual([
      'requestDidStart',
      'didResolveSource',
      'parsingDidStart',
      'parsingDidEnd',
      'validationDidStart',
      'validationDidEnd',
      'didResolveOperation',
      'responseForOperation',
      'executionDidStart',
      'executionDidEnd',
      'willSendResponse',
    ]);
    expect(names(calls.failing)).toContain('didEncounterErrors');
    const [theirs, ours] = recorded;
    expect(ours).toEqual(theirs);
    expect(names(ours ?? []).slice(-2)).toEqual(['drainServer', 'serverWillStop']);
  });

  it.each([
    ['of one subgraph', '{ product { name } }', 'max-age=60, public'],
    ['merged over two subgraphs', reviewed, 'max-age=30, private'],
    ['with a field that has none', '{ product { name } uncached { id } }', 'no-store'],
    ['with an error', '{ product { name } failing }', 'no-store'],
    ['of the gateway alone', '{ __typename }', undefined],
  ])('sets the Cache-Control %s as with ApolloGateway', async (_what, query, expected) => {
    const { cacheControl } = await same(({ post }) => post({ query }));
    if (expected !== undefined) expect(cacheControl).toBe(expected);
  });

  it('gives formatError the same errors', async () => {
    const seen: unknown[] = [];
    const formatError = (formatted: GraphQLFormattedError, error: unknown) => {
      const { originalError, extensions } = error as GraphQLError;
      seen.push([formatted, error instanceof GraphQLError, typeof originalError, extensions]);
      return { message: `Sorry: ${formatted.message}` };
    };
    const answer = await same(
      async ({ post }) => {
        seen.length = 0;
        const body = await post({ query: '{ failing refused }' });
        return { body, seen: seen.slice() };
      },
      () => ({ formatError }),
    );
    expect(answer.body.body).toMatchObject({
      errors: [{ message: 'Sorry: The database is on fire.' }, { message: 'Sorry: Not for you.' }],
    });
  });

  it('registers persisted queries and finds them again', async () => {
    const sha256Hash = createHash('sha256').update(reviewed).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const answers = await same(async ({ post, url }) => {
      const unknown = await post({ extensions });
      const learned = await post({ query: reviewed, extensions });
      const known = await post({ extensions });
      const search = new URLSearchParams({ extensions: JSON.stringify(extensions) });
      const response = await fetch(`${url}?${search.toString()}`, {
        headers: { 'apollo-require-preflight': '1' },
      });
      return [unknown, learned, known, await response.json()];
    });
    expect(answers[0]).toMatchObject({
      body: { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] },
    });
    expect(answers[1]).toMatchObject({ body: { data: { product: { name: 'Product 1' } } } });
    expect(answers[2]).toEqual(answers[1]);
  });

  it('shows the landing page', async () => {
    const page = await same(
      async ({ url }) => {
        const response = await fetch(url, { headers: { accept: 'text/html' } });
        const text = await response.text();
        // A nonce and the version of the gateway's package differ.
        return { status: response.status, isPage: text.includes('<title>Apollo Server</title>') };
      },
      () => ({ plugins: [ApolloServerPluginLandingPageProductionDefault({ footer: false })] }),
    );
    expect(page).toEqual({ status: 200, isPage: true });
  });

  it('works with the response cache, for all viewers or for one', async () => {
    const sessionId: NonNullable<Parameters<typeof responseCachePlugin>[0]>['sessionId'] = async ({
      request,
    }) => request.http?.headers.get('authorization') ?? null;
    const counts = await same(
      async ({ post }) => {
        const ages: [boolean, number][] = [];
        const ask = async (query: string, authorization: string): Promise<void> => {
          const before = shop.received.length;
          const { body } = await post({ query }, { authorization });
          ages.push([JSON.stringify(body).includes('Product 1'), shop.received.length - before]);
        };
        for (const viewer of ['a', 'b', 'a']) await ask('{ product { name } }', viewer);
        for (const viewer of ['a', 'b', 'a']) await ask(reviewed, viewer);
        return ages;
      },
      () => ({ plugins: [responseCachePlugin<BaseContext>({ sessionId })] }),
    );
    expect(counts).toEqual([
      [true, 1],
      [true, 0],
      [true, 0],
      [true, 2],
      [true, 2],
      [true, 0],
    ]);
  });

  it('executes operations without HTTP', async () => {
    const { body, http } = await same(async ({ server }) => {
      const { body, http } = await server.executeOperation({
        query: 'query ($id: ID!) { product(id: $id) { name reviews { stars } } }',
        variables: { id: '3' },
      });
      return {
        body: JSON.parse(JSON.stringify(body)),
        http: [...http.headers],
        status: http.status,
      };
    });
    expect(body).toMatchObject({ singleResult: { data: { product: { name: 'Product 3' } } } });
    expect(http).toEqual([['cache-control', 'max-age=30, private']]);
  });

  it('answers in the same way as ApolloGateway with the settings of a planner', async () => {
    const answer = await same(
      ({ post }) => post({ query: reviewed }),
      () => ({}),
      {
        queryPlannerConfig: { cache: undefined, exposeDocumentNodeInFetchNode: true },
        debug: true,
      },
    );
    expect(answer.body).toEqual({
      data: { product: { name: 'Product 1', reviews: [{ stars: 4 }, { stars: 5 }] } },
    });
  });
});
