import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** Responses over HTTP, especially errors: JSON, a code, and no internals. */
describe('gateway: answers', () => {
  let graph: SmallGraph;
  let development: TestGateway;
  let production: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    development = await startTestGateway(graph, { settings: { subgraphs: { timeoutMs: 1_500 } } });
    production = await startTestGateway(graph, {
      environment: productionEnvironment,
      settings: { subgraphs: { maxResponseBytes: 100_000 } },
    });
  });
  afterEach(() => {
    graph.authors.answerBy(undefined);
    graph.books.answerBy(undefined);
  });
  afterAll(async () => {
    await development.stop();
    await production.stop();
    await graph.stop();
  });

  const send = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(development.url + path, { ...init, signal: AbortSignal.timeout(patienceMs) });
  const post = (body: string, headers: Record<string, string> = json): Promise<Response> =>
    send('/graphql', { method: 'POST', headers, body });

  it.each([
    ['an unknown address', 404, 'NOT_FOUND', () => send('/nowhere')],
    ['malformed JSON', 400, 'BAD_REQUEST', () => post('{"query":')],
    ['an empty body', 400, 'BAD_REQUEST', () => post('')],
    ['a list', 400, 'BAD_REQUEST', () => post('[]')],
    ['a batch', 400, 'BAD_REQUEST', () => post('[{"query":"{ me }"}]')],
    ['no query', 400, 'BAD_REQUEST', () => post('{"query":null}')],
    ['variables as text', 400, 'BAD_REQUEST', () => post('{"query":"{ me }","variables":"{}"}')],
    ['a body over 256 KB', 413, 'PAYLOAD_TOO_LARGE', () => post(oversized)],
    ['plain text', 400, 'BAD_REQUEST', () => post('{"query":"{ me }"}', plain)],
    ['another charset', 415, 'BAD_REQUEST', () => post('{"query":"{ me }"}', latin1)],
    ['a GET that any page could cause', 400, 'BAD_REQUEST', () => send('/graphql?query={me}')],
    ['PUT', 405, 'BAD_REQUEST', () => send('/graphql', { method: 'PUT' })],
    ['OPTIONS', 405, 'BAD_REQUEST', () => send('/graphql', { method: 'OPTIONS' })],
    [
      'a mutation by GET',
      405,
      'BAD_REQUEST',
      () => send(`/graphql?query=${encodeURIComponent(mutation)}`, { headers: preflight }),
    ],
    [
      'an unknown operation name',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      () => post('{"query":"query A { me }","operationName":"B"}'),
    ],
    [
      'a subscription over plain HTTP',
      400,
      'BAD_REQUEST',
      () => post('{"query":"subscription { ticks }"}'),
    ],
    ['a syntax error', 400, 'GRAPHQL_PARSE_FAILED', () => post('{"query":"{ me"}')],
    ['an unknown field', 400, 'GRAPHQL_VALIDATION_FAILED', () => post('{"query":"{ nothing }"}')],
  ] as const)('answers %s with %i %s as JSON', async (_what, status, code, request) => {
    const response = await request();
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
    expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(text).not.toMatch(/stack|node_modules|\.ts:/);
  });

  it('answers an operation by GET that a page could not have caused', async () => {
    const response = await send('/graphql?query={me}', { headers: preflight });
    expect(await response.json()).toEqual({ data: { me: 'somebody' } });
  });

  it('answers an invalid host with 400', async () => {
    const request = 'GET /graphql HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n';
    expect(await talk(development.url, request)).toMatch(/^HTTP\/1.1 400 .*"code":"BAD_REQUEST"/s);
  });

  it('answers headers that are too large with 431 as JSON', async () => {
    const request = `GET /graphql HTTP/1.1\r\nhost: a\r\nx-large: ${'x'.repeat(40_000)}\r\n\r\n`;
    expect(await talk(development.url, request)).toMatch(/^HTTP\/1.1 431 .*"code":"BAD_REQUEST"/s);
  });

  it('passes on a catalogue code with the subgraph’s own message', async () => {
    const { status, data, errors } = await development.ask('{ refused }');
    expect(status).toBe(200);
    expect(data).toEqual({ refused: null });
    expect(errors).toEqual([
      {
        message: 'You may not use "Query.refused".',
        path: ['refused'],
        extensions: { code: 'FORBIDDEN', serviceName: 'authors' },
      },
    ]);
  });

  it('hides any other error of a subgraph, and logs it under the correlation id', async () => {
    const { text, errors } = await production.ask('{ failing }', {
      'x-correlation-id': 'a-failing-field',
    });
    expect(errors).toEqual([
      {
        message: 'A subgraph failed to answer properly.',
        path: ['failing'],
        extensions: { code: 'SUBGRAPH_ERROR' },
      },
    ]);
    expect(text).not.toMatch(/relation|db\.ts|authors/);
    expect(production.log).toContainEqual(
      expect.objectContaining({
        correlationId: 'a-failing-field',
        subgraph: 'authors',
        reason: expect.stringContaining('relation "authors" does not exist'),
      }),
    );
  });

  it.each([
    ['a page of HTML', { status: 200, body: '<html>Error at db.internal:5432</html>' }],
    ['an error of its server', { status: 500, body: '{"errors":[{"message":"at db.internal"}]}' }],
    ['a list', { status: 200, body: '[]' }],
    ['null', { status: 200, body: 'null' }],
    ['truncated JSON', { status: 200, body: '{"data":{"me":' }],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:9/' }, body: '' }],
    ['a refusal of the identity', { status: 401, body: '{"errors":[{"message":"no"}]}' }],
    ['more than it may', { status: 200, body: `{"data":{"me":"${'x'.repeat(300_000)}"}}` }],
  ])('answers null and SUBGRAPH_ERROR when a subgraph sends %s', async (_what, raw) => {
    graph.authors.answerBy(raw);
    const { status, data, errors, text } = await production.ask('{ me books { title } }');
    expect(status).toBe(200);
    expect(data).toEqual({ me: null, books: [{ title: 'Notes' }] });
    expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_ERROR' } }]);
    expect(text).not.toMatch(/internal|127\.0\.0\.1|authors|HTML/);
  });

  it('answers null and SUBGRAPH_TIMEOUT when a subgraph is silent', async () => {
    let release: () => void = () => undefined;
    const after = new Promise<void>((resolve) => {
      release = resolve;
    });
    graph.authors.answerBy({ status: 200, body: '{"data":{"me":"late"}}', after });
    const { data, errors } = await development.ask('{ me books { title } }');
    release();
    expect(data).toEqual({ me: null, books: [{ title: 'Notes' }] });
    expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }]);
  });

  it('answers null and SUBGRAPH_ERROR when a subgraph does not listen', async () => {
    const gone = await startTestGateway(graph, {
      environment: { SUBGRAPH_AUTHORS_URL: 'http://127.0.0.1:9/graphql' },
    });
    try {
      const { data, errors } = await gone.ask('{ me books { title } }');
      expect(data).toEqual({ me: null, books: [{ title: 'Notes' }] });
      expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_ERROR' } }]);
    } finally {
      await gone.stop();
    }
  });

  it('lets no subgraph choose the status of the answer', async () => {
    const error = { message: 'no', extensions: { code: 'FORBIDDEN', http: { status: 418 } } };
    graph.authors.answerBy({ status: 200, body: JSON.stringify({ data: null, errors: [error] }) });
    const { status, errors } = await production.ask('{ me }');
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('shows the schema only in development, and suggests no names in production', async () => {
    const introspection = '{ __schema { queryType { name } } }';
    const { data } = await development.ask(introspection);
    expect(data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    const refused = await production.ask(introspection);
    expect([refused.status, refused.data]).toEqual([400, undefined]);
    expect((await development.ask('{ bookz { title } }')).text).toContain('Did you mean');
    expect((await production.ask('{ bookz { title } }')).text).not.toContain('Did you mean');
  });

  it('does not expose the API between subgraphs', async () => {
    for (const query of [
      '{ _service { sdl } }',
      '{ _entities(representations: []) { __typename } }',
    ]) {
      expect((await development.ask(query)).status).toBe(400);
    }
  });
});

const json = { 'content-type': 'application/json' };
const plain = { 'content-type': 'text/plain' };
const latin1 = { 'content-type': 'application/json; charset=iso-8859-1' };
const preflight = { 'apollo-require-preflight': '1' };
const mutation =
  'mutation { login(input: { email: "a", password: "b" }) { session { expiresIn } } }';
const oversized = JSON.stringify({ query: `{ me } #${'x'.repeat(256 * 1024)}` });

const productionEnvironment = {
  NODE_ENV: 'production',
  SUBGRAPH_AUTHORS_IDENTITY_KEY: 'a-production-key-of-at-least-32-bytes',
  SUBGRAPH_BOOKS_IDENTITY_KEY: 'another-production-key-of-at-least-32-bytes',
};

/** A server's response to bytes that no HTTP client would send. */
function talk(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    let answer = '';
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer within 5 s')));
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}
