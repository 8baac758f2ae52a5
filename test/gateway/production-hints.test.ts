import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';
import { identityKeys } from '../support/subgraph-settings.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const supergraph = readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8');
const production = {
  NODE_ENV: 'production',
  ...identityKeys,
  SUBGRAPH_AUTHORS_IDENTITY_KEY: 'a-production-key-of-at-least-32-bytes',
  SUBGRAPH_BOOKS_IDENTITY_KEY: 'another-production-key-of-at-least-32-bytes',
};

const sorted = 'query ($s: CatalogSort) { catalog(sort: $s) { nodes { id } } }';
const filtered = 'query ($f: CatalogFilter) { catalog(filter: $f) { nodes { id } } }';
const login = 'mutation ($i: LoginInput!) { login(input: $i) { session { expiresIn } } }';

/** Each with a name that is similar to one of the schema. */
const nearly: readonly (readonly [what: string, query: string, variables?: object])[] = [
  ['a field', '{ productz { id } }'],
  ['a field of an object', '{ products { nam } }'],
  ['an argument', '{ product(idd: 1) { id } }'],
  ['a type condition', '{ products { ... on Produkt { id } } }'],
  ['the type of a variable', 'query ($s: CatalogSor) { catalog(sort: $s) { nodes { id } } }'],
  ['a directive’s argument', '{ products { id @include(iff: true) } }'],
  ['an enum value', '{ catalog(sort: NAME_AS) { nodes { id } } }'],
  ['a text in place of an enum value', '{ catalog(sort: "NAME_ASC") { nodes { id } } }'],
  ['a member of an input object', '{ catalog(filter: { serch: "a" }) { nodes { id } } }'],
  ['an enum value in a variable', sorted, { s: 'NAME_AS' }],
  ['an enum value of another case in a variable', sorted, { s: 'name_asc' }],
  ['a member of an input object in a variable', filtered, { f: { serch: 'a' } }],
  ['a member of a mutation’s input in a variable', login, { i: { emial: 'a', password: 'b' } }],
];

/** Production reveals no name that was not sent (threat 31), whatever reports the mistake. */
describe('gateway: hints at names', () => {
  let graph: SmallGraph;
  let inProduction: TestGateway;
  let inDevelopment: TestGateway;
  let small: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    inDevelopment = await startTestGateway({ supergraph });
    inProduction = await startTestGateway({ supergraph }, { environment: production });
    small = await startTestGateway(graph, { environment: production });
  });
  afterAll(async () => {
    await Promise.all([inDevelopment.stop(), inProduction.stop(), small.stop()]);
    await graph.stop();
  });

  const ask = async (gateway: TestGateway, query: string, variables: object): Promise<string> => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMs),
    });
    return response.text();
  };

  it.each(nearly.map(([what, query, variables = {}]) => [what, query, variables] as const))(
    'threat 31: production suggests none for %s',
    async (_case, query, variables) => {
      expect(await ask(inDevelopment, query, variables)).toContain('Did you mean');
      for (const time of ['first', 'second']) {
        const answer = await ask(inProduction, query, variables);
        expect([time, answer]).toEqual([time, expect.stringContaining('"errors"')]);
        expect(answer).not.toMatch(/did you mean|"search"|"email"/i);
      }
    },
  );

  it('threat 31: production removes the suggestions of a subgraph', async () => {
    const message = 'Value "SMAL" does not exist. Did you mean the enum value "SMALL"?';
    const error = { message, path: ['me'], extensions: { code: 'BAD_USER_INPUT' } };
    const body = JSON.stringify({ data: { me: null }, errors: [error] });
    graph.authors.answerBy({ status: 200, body });
    for (let time = 0; time < 3; time += 1) {
      const { errors } = await small.ask('{ me }');
      expect(errors).toEqual([
        {
          message: 'Value "SMAL" does not exist.',
          path: ['me'],
          ...(errors?.[0] && 'locations' in errors[0] && { locations: errors[0].locations }),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
    }
    graph.authors.answerBy(undefined);
  });
});
