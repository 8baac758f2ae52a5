import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import { compose, type SmallGraph, startSmallGraph } from '../gateway/small-graph.ts';
import { type GraphQLAnswer, startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';

/** The standalone gateway, with a small graph with directives; its subgraphs have no access rules of their own. */
describe('access in the gateway', () => {
  const key = createSigningKey('key-1');
  let graph: SmallGraph;
  let supergraph: string;
  let keys: KeyServer;
  const started: TestGateway[] = [];

  beforeAll(async () => {
    graph = await startSmallGraph();
    keys = await startKeyServer([key]);
    const sdl = graph.authors.sdl
      .replace('["@key"]', '["@key", "@authenticated", "@requiresScopes", "@policy"]')
      .replace('me: String', 'me: String @authenticated')
      .replace('slow: String', 'slow: String @policy(policies: [["role:admin"]])')
      .replace('name: String!', 'name: String! @requiresScopes(scopes: [["authors"]])');
    supergraph = compose([{ ...graph.authors, sdl }, graph.books]);
    graph.slow.answer();
  });
  afterAll(async () => {
    for (const gateway of started) await gateway.stop();
    await keys.stop();
    await graph.stop();
  });

  const start = async (settings: GatewaySettings = {}): Promise<TestGateway> => {
    const gateway = await startTestGateway(graph, {
      jwksUrl: keys.jwksUrl,
      supergraph,
      settings,
    });
    started.push(gateway);
    return gateway;
  };
  const bearer = (claims: object = {}): { authorization: string } => ({
    authorization: `Bearer ${createAccessToken(key, Date.now(), { claims: { ...claims } })}`,
  });
  const told = ({ status, data, errors, extensions }: GraphQLAnswer): object => ({
    status,
    data,
    errors,
    extensions,
  });

  it('threat 43: gives each viewer their own response, after requests of others', async () => {
    const gateway = await start();
    const query = '{ me slow books { title author { name } } author(id: 1) { id } }';
    const viewers = [{}, bearer(), bearer({ scope: 'authors' }), bearer({ role: 'admin' })];
    const expected = [
      [null, null, 3],
      ['somebody', null, 2],
      ['somebody', null, 1],
      ['somebody', 'at last', 1],
    ];
    for (let round = 0; round < 3; round += 1) {
      for (const [index, headers] of viewers.entries()) {
        const answer = await gateway.ask(query, headers);
        const { me, slow } = answer.data as { me: unknown; slow: unknown };
        expect([me, slow, answer.errors?.length]).toEqual(expected[index]);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    }
  });

  it('threat 42: refuses admin fields to a customer, without calling a subgraph', async () => {
    const gateway = await start();
    const before = graph.authors.calls.length;
    expect(told(await gateway.ask('{ slow }', bearer()))).toMatchObject({
      status: 200,
      data: { slow: null },
      errors: [
        {
          message: 'You may not use this.',
          path: ['slow'],
          extensions: { code: 'FORBIDDEN' },
        },
      ],
    });
    expect(graph.authors.calls).toHaveLength(before);
  });

  it('answers every anonymous request with 401 when authentication is required', async () => {
    const gateway = await start({ access: { requireAuthentication: true } });
    for (const query of ['{ books { id } }', '{ books { id } }', '{ nothing }']) {
      const { status, errors } = await gateway.ask(query);
      expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
    expect((await gateway.ask('{ books { id } }', bearer())).status).toBe(200);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    const login = await fetch(`${gateway.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'ada@example.com', password: 'right' }),
    });
    expect(login.status).toBe(200);
  });

  it('refuses whole operations with rejectUnauthorized, every time', async () => {
    const gateway = await start({ access: { rejectUnauthorized: true } });
    for (let round = 0; round < 3; round += 1) {
      const { data, errors } = await gateway.ask('{ me books { title } }');
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ path: ['me'] }]);
      expect((await gateway.ask('{ me books { title } }', bearer())).errors).toBeUndefined();
    }
  });

  it.each([
    ['extensions', { authorizationErrors: [{ path: ['me'] }] }],
    ['disabled', undefined],
  ] as const)(
    'reports in %s what clients may not see, every time',
    async (errorsIn, extensions) => {
      const gateway = await start({ access: { errorsIn, logUnauthorized: false } });
      for (let round = 0; round < 3; round += 1) {
        const answer = await gateway.ask('{ me books { title } }');
        expect(answer.errors).toBeUndefined();
        expect(answer.data).toEqual({ me: null, books: [{ title: 'Notes' }] });
        if (extensions) expect(answer.extensions).toMatchObject(extensions);
        else expect(answer.extensions).toBeUndefined();
      }
      expect(gateway.log.filter(({ msg }) => String(msg).includes('not authorized'))).toEqual([]);
    },
  );

  it('logs what it has removed', async () => {
    const gateway = await start();
    await gateway.ask('query Mine { me }');
    const [line] = gateway.log.filter(({ msg }) => String(msg).includes('not authorized'));
    expect(line?.msg).toBe('Removed me from operation "Mine": not authorized.');
  });

  it('enforces the directives unless disabled', async () => {
    const warningsOf = ({ log }: TestGateway): readonly unknown[] =>
      log.map(({ msg }) => msg).filter((msg) => String(msg).startsWith('NOT ENFORCED'));
    expect(warningsOf(await start())).toEqual([]);
    expect(warningsOf(await start({ access: { enabled: false } }))).toHaveLength(3);
    expect(warningsOf(await start({ access: { dryRun: true } }))).toHaveLength(3);
  });

  describe.each(['errors', 'extensions', 'disabled'] as const)(
    'with access errors in %s',
    (errorsIn) => {
      it.each([
        ['always', {}],
        ['never', {}],
        ['asked', {}],
        ['asked', { 'x-operation-cost': '1' }],
        ['always', { 'apollo-expose-query-plan': '1' }],
        ['never', { 'apollo-expose-query-plan': '1' }],
      ] as const)(
        'shows the cost %s with %o, and has one set of extensions, every time',
        async (costShown, headers) => {
          const gateway = await start({ access: { errorsIn }, limits: { costShown } });
          const ofTheSubgraph = {
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: '{"data":{"author":{"id":"1","name":"Ada"},"me":null},"extensions":{"inside":true}}',
          };
          const isShown =
            costShown === 'always' || (costShown === 'asked' && 'x-operation-cost' in headers);
          const queries = [
            '{ author(id: 1) { name } }',
            '{ author(id: 1) { id } me }',
            '{ author(id: 1) { id } }',
          ];
          for (const query of queries) {
            for (const answer of [undefined, ofTheSubgraph, undefined]) {
              graph.authors.answerBy(answer);
              const { text, extensions = {}, errors = [] } = await gateway.ask(query, headers);
              // Duplicate members are parsed only once.
              expect(text).toBe(`${JSON.stringify(JSON.parse(text))}\n`);
              const isRefused = query !== queries[2];
              expect(Object.keys(extensions)).toEqual([
                ...(isRefused && errorsIn === 'extensions' ? ['authorizationErrors'] : []),
                ...('apollo-expose-query-plan' in headers
                  ? ['__queryPlanExperimental', 'apolloQueryPlan']
                  : []),
                ...(isShown ? ['cost'] : []),
              ]);
              expect(errors.length > 0).toBe(isRefused && errorsIn === 'errors');
            }
          }
          graph.authors.answerBy(undefined);
        },
      );
    },
  );
});
