import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from './token-issuer.ts';

const oneAuthor = 'query ($id: ID!) { author(id: $id) { id name } }';
const conditional = 'query ($with: Boolean!) { me @include(if: $with) books { title } }';

/** Operations that Apollo Server has validated go round it; nobody can tell by the answer. */
describe('gateway: the direct lane', () => {
  const key = createSigningKey('key-1');
  let graph: SmallGraph;
  let keys: KeyServer;
  let both: TestGateway;
  let apolloOnly: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    keys = await startKeyServer([key]);
    const { jwksUrl } = keys;
    both = await startTestGateway(graph, { jwksUrl });
    apolloOnly = await startTestGateway(graph, {
      jwksUrl,
      environment: { DIRECT_LANE_ENABLED: 'false' },
    });
  });
  afterAll(async () => {
    await both.stop();
    await apolloOnly.stop();
    await keys.stop();
    await graph.stop();
  });

  const aViewer = `Bearer ${createAccessToken(key, Date.now())}`;

  const plain: readonly Case[] = [
    ['a query of one subgraph', { query: '{ me }' }],
    ['a query of two subgraphs', { query: '{ books { id title author { name } } }' }],
    ['a query of a name', { query: 'query Me { me }', operationName: 'Me' }],
    [
      'one of two operations',
      { query: 'query A { me } query B { books { id } }', operationName: 'B' },
    ],
    ['variables', { query: oneAuthor, variables: { id: '1' } }],
    ['a variable that is a number', { query: oneAuthor, variables: { id: 1 } }],
    ['variables that nobody asked for', { query: '{ me }', variables: { x: { y: [1] } } }],
    ['a body of 60 KB', { query: '{ me }', variables: { x: 'x'.repeat(60_000) } }],
    ['members that are null', { query: '{ me }', variables: null, operationName: null }],
    ['a condition', { query: conditional, variables: { with: true } }],
    ['the other condition', { query: conditional, variables: { with: false } }],
    ['an alias that objects inherit', { query: '{ __proto__: me constructor: me }' }],
    ['only the name of a type', { query: '{ __typename }' }],
    [
      'a mutation',
      {
        query:
          'mutation { refreshToken(input: { refreshToken: "still-good" }) { session { expiresIn } } }',
      },
    ],
    ['an error that is told', { query: '{ refused me }' }],
    ['an error that is hidden', { query: '{ failing me }' }],
    ['any type', { query: '{ me }' }, { accept: '*/*' }],
    ['a GraphQL response', { query: '{ me }' }, { accept: 'application/graphql-response+json' }],
    [
      'the newest Apollo Client',
      { query: '{ me }' },
      { accept: 'application/graphql-response+json,application/json;q=0.9' },
    ],
    [
      'what Apollo Client says of itself',
      { query: '{ me }', extensions: { clientLibrary: { name: '@apollo/client', version: '4' } } },
    ],
    ['a charset', { query: '{ me }' }, { 'content-type': 'application/json; charset=utf-8' }],
    ['a viewer', { query: '{ me }' }, { authorization: aViewer }],
    [
      'a viewer with a GraphQL response',
      { query: '{ failing }' },
      { authorization: aViewer, accept: 'application/graphql-response+json' },
    ],
  ];

  const others: readonly Case[] = [
    [
      'a field that is counted by itself',
      {
        query:
          'mutation { login(input: { email: "a", password: "right" }) { session { expiresIn } } }',
      },
    ],
    ['a body of 70 KB', { query: '{ me }', variables: { x: 'x'.repeat(70_000) } }],
    ['a bad token', { query: '{ me }' }, { authorization: 'Bearer abc' }],
    ['another scheme', { query: '{ me }' }, { authorization: 'Basic abc' }],
    ['a variable that is missing', { query: oneAuthor }],
    ['a variable of a wrong type', { query: oneAuthor, variables: { id: { a: 1 } } }],
    ['an unknown operation', { query: 'query Me { me }', operationName: 'You' }],
    ['an empty operation name', { query: '{ me }', operationName: '' }],
    ['several operations and no name', { query: 'query A { me } query B { books { id } }' }],
    ['an operation name that is a number', { query: '{ me }', operationName: 1 }],
    ['variables as a list', { query: '{ me }', variables: [] }],
    ['variables as text', { query: '{ me }', variables: '{}' }],
    ['extensions', { query: '{ me }', extensions: {} }],
    ['other extensions', { query: '{ me }', extensions: { clientLibrary: {}, x: 1 } }],
    ['extensions as text', { query: '{ me }', extensions: '' }],
    ['a batch', [{ query: '{ me }' }]],
    ['no query', { variables: {} }],
    ['a query that is a number', { query: 1 }],
    ['a syntax error', { query: '{ me' }],
    ['an unknown field', { query: '{ nothing }' }],
    ['introspection', { query: '{ __schema { queryType { name } } me }' }],
    ['the plan', { query: '{ me }' }, { 'apollo-query-plan-experimental': '1' }],
    ['the plan in the other way', { query: '{ me }' }, { 'apollo-expose-query-plan': 'true' }],
    ['a type that there is not', { query: '{ me }' }, { accept: 'text/csv' }],
    ['a page', { query: '{ me }' }, { accept: 'text/html' }],
    ['no type at all', { query: '{ me }' }, { accept: 'application/json;q=0' }],
    ['plain text', { query: '{ me }' }, { 'content-type': 'text/plain' }],
    [
      'another charset',
      { query: '{ me }' },
      { 'content-type': 'application/json; charset=latin1' },
    ],
    ['another content type', { query: '{ me }' }, { 'content-type': 'application/json; a=b' }],
  ];

  it.each(plain)('answers %s as Apollo Server does', async (_what, body, headers = {}) => {
    const expected = await send(apolloOnly.url, body, headers);
    await send(both.url, body, headers);
    const id = randomUUID();
    expect(await send(both.url, body, { ...headers, 'x-correlation-id': id })).toEqual(expected);
    expect(await laneOf(both, id)).toBe('direct');
  });

  it.each(others)('leaves %s to Apollo Server', async (_what, body, headers = {}) => {
    const expected = await send(apolloOnly.url, body, headers);
    await send(both.url, { query: '{ me }' }, {});
    await send(both.url, body, headers);
    const id = randomUUID();
    expect(await send(both.url, body, { ...headers, 'x-correlation-id': id })).toEqual(expected);
    expect(await laneOf(both, id)).toBeUndefined();
  });
});

type Headers = Readonly<Record<string, string>>;
type Case = readonly [what: string, body: unknown, headers?: Headers];

/** An answer without what differs from one request to the next. */
interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
}

async function send(url: string, body: unknown, headers: Headers): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  });
  const changing = new Set(['date', 'x-correlation-id']);
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => !changing.has(name)),
    text: await response.text(),
  };
}

/** The lane that the log names for the operation of a request; Apollo Server's has no name. */
async function laneOf({ log }: TestGateway, id: string): Promise<unknown> {
  const answered = (): unknown =>
    log.find(({ correlationId, msg }) => correlationId === id && msg === 'answered');
  // The line is written when the answer has been sent, which its reader may know first.
  const deadline = performance.now() + patienceMs;
  while (!answered() && performance.now() < deadline) await sleep(5);
  expect(answered()).toBeDefined();
  return (answered() as { readonly lane?: unknown }).lane;
}
