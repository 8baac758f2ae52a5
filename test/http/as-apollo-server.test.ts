import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from '../gateway/small-graph.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { type ApolloOracle, startApolloOracle } from './apollo-oracle.ts';
import {
  get,
  hashed,
  oneAuthor,
  plainJson,
  post,
  type Request,
  rows,
} from './compared-requests.ts';

/**
 * The standalone gateway answers like an Apollo Server with the same supergraph: the same status, body and headers, the
 * first time and when the operation is cached. Intended differences are in the second part.
 */
describe('gateway: answers as Apollo Server', () => {
  let graph: SmallGraph;
  let gateway: TestGateway;
  let apollo: ApolloOracle;

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph);
    apollo = await startApolloOracle(graph);
  });
  afterAll(async () => {
    await gateway.stop();
    await apollo.stop();
    await graph.stop();
  });

  it.each(rows)('answers %s', async (...row) => {
    const [, ...requests] = row as unknown as readonly [string, ...Request[]];
    // Requests before the last one are cached when that is sent again.
    for (const request of [...requests, ...requests.slice(-1)]) {
      const expected = await send(apollo.url, request);
      expect(await send(gateway.url, request)).toEqual(expected);
    }
  });

  it('is compared for at least 150 requests', () => {
    expect(rows.length).toBeGreaterThanOrEqual(150);
  });

  it.each([
    [
      'an operation that cannot be run, to a client of plain JSON',
      post({ query: '{ nothing }' }, plainJson),
      400,
      200,
    ],
    [
      'a wrong variable, to a client of plain JSON',
      post({ query: oneAuthor }, plainJson),
      400,
      200,
    ],
    ['a GET that says what it wants', get({ query: '{ me }' }, plainJson), 400, 200],
    ['a hash of another query', post({ query: '{ me }', ...hashed('{ you }') }), 400, 400],
    [
      'another version of hashes',
      post({ extensions: { persistedQuery: { version: 2 } } }),
      400,
      400,
    ],
  ] as const)('intentionally differs for %s', async (_what, request, theirs, ours) => {
    const expected = await send(apollo.url, request);
    const answer = await send(gateway.url, request);
    expect([expected.status, answer.status]).toEqual([theirs, ours]);
    expect(answer).not.toEqual(expected);
  });
});

/** What clients and caches use. */
const compared = ['content-type', 'cache-control', 'allow', 'retry-after'];

async function send(
  url: string,
  { search, init }: Request,
): Promise<{ readonly status: number; readonly headers: unknown; readonly text: string }> {
  const response = await fetch(`${url}/graphql${search}`, {
    ...init,
    signal: AbortSignal.timeout(10_000),
  });
  return {
    status: response.status,
    headers: compared.map((name) => [name, response.headers.get(name)]),
    text: await response.text(),
  };
}
