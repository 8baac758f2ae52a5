import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type SmallGraph, startSmallGraph } from '../gateway/small-graph.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';

/** PROPERTY_RUNS makes a longer run; a failure prints its seed. */
const numRuns = Number(process.env.PROPERTY_RUNS ?? 150);

/** Generous: what is meant is that nothing hangs. */
const answerWithinMs = 5_000;

describe(`properties: any request, ${numRuns} of each kind`, () => {
  let graph: SmallGraph;
  let gateway: TestGateway;
  const inherited = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph);
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });

  /** Sends it twice, so that what may take the direct lane takes it the second time. */
  const holds = async (body: string | Uint8Array<ArrayBuffer>, type: string): Promise<void> => {
    const texts: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
        signal: AbortSignal.timeout(answerWithinMs),
      });
      const text = await response.text();
      texts.push(text);
      expect(response.status).toBeLessThan(500);
      expect(response.headers.get('x-correlation-id')).toMatch(/^[\w.-]{8,64}$/);
      expect(JSON.parse(text)).toBeInstanceOf(Object);
      expect(text).not.toMatch(/node_modules|\.ts:\d|127\.0\.0\.1/);
    }
    expect(texts[1]).toBe(texts[0]);
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(inherited);
  };

  it('any bytes of any type are answered as JSON, and never by a fault of the gateway', async () => {
    const types = fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'text/plain',
      'application/graphql',
      'multipart/form-data; boundary=x',
    );
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(bytes, types, (body, type) => holds(Uint8Array.from(body), type)),
      { numRuns },
    );
  }, 300_000);

  it('any JSON as a body, and as each of its members, gets the same answer on both lanes', async () => {
    const query = fc.oneof(
      fc.constantFrom(
        '{ me }',
        'query A { __proto__: me }',
        'query B($id: ID!) { author(id: $id) { name } }',
      ),
      fc.json({ maxDepth: 2 }),
    );
    const body = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.record(
        {
          query,
          variables: fc.oneof(
            fc.jsonValue({ maxDepth: 3 }),
            fc.dictionary(
              fc.constantFrom('id', '__proto__', 'constructor', 'toString'),
              fc.jsonValue(),
            ),
          ),
          operationName: fc.oneof(
            fc.constantFrom('A', 'B', '', '__proto__'),
            fc.jsonValue({ maxDepth: 1 }),
          ),
          extensions: fc.jsonValue({ maxDepth: 2 }),
        },
        { requiredKeys: [] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(body, (value) => holds(JSON.stringify(value), 'application/json')),
      { numRuns },
    );
  }, 300_000);

  it('any text of the pieces of GraphQL is answered with data or refused', async () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      ' me ',
      '...F ',
      'fragment F on Query ',
      ' __typename ',
      ' a: ',
      '__proto__: ',
      '@skip(if: true) ',
      'query Q ',
      'author(id: 1) ',
      ' name ',
      '(',
      ')',
      '$v',
      ': Int',
      '... on Query ',
      '"',
      '#\n',
      '!',
      '[',
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 60 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(text, (query) => holds(JSON.stringify({ query }), 'application/json')),
      { numRuns },
    );
  }, 300_000);
});
