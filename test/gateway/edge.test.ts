import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';
import { open, talk } from './edge-sockets.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const me = '{ me }';
const oneAuthor = 'query Author($id: ID!) { author(id: $id) { id name } }';
const json = { 'content-type': 'application/json' };
const preflighted = { 'apollo-require-preflight': '1' };

/** Invalid requests at the HTTP edge. Each case follows one that makes its operation known. */
describe('gateway: the edge of HTTP', () => {
  let graph: SmallGraph;
  let gateway: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph);
  });
  beforeEach(async () => {
    for (const body of [{ query: me }, { query: oneAuthor, variables: { id: '1' } }]) {
      expect((await post(JSON.stringify(body))).status).toBe(200);
    }
    graph.authors.calls.length = 0;
  });
  afterEach(async () => {
    // Whatever was sent, the server is still running.
    expect(await (await post(JSON.stringify({ query: me }))).json()).toEqual({
      data: { me: 'somebody' },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });

  const send = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(gateway.url + path, { ...init, signal: AbortSignal.timeout(patienceMs) });
  const post = (
    body: string | Buffer,
    headers: Readonly<Record<string, string>> = json,
    path = '/graphql',
  ): Promise<Response> => send(path, { method: 'POST', headers, body: body as BodyInit });
  const get = (
    parameters: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = preflighted,
  ): Promise<Response> =>
    send(`/graphql?${new URLSearchParams(parameters).toString()}`, { headers });

  const expectRefused = async (
    response: Response,
    status: number,
    code: string,
  ): Promise<string> => {
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toEqual([
      status,
      expect.objectContaining({
        errors: expect.arrayContaining([
          expect.objectContaining({ extensions: expect.objectContaining({ code }) }),
        ]),
      }),
    ]);
    expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(text).not.toMatch(/stack|node_modules|\.ts:|127\.0\.0\.1/);
    expect(graph.authors.calls).toHaveLength(0);
    return text;
  };

  describe('a body that is too large', () => {
    const large = JSON.stringify({ query: `${me} #${'x'.repeat(256 * 1024)}` });

    it.each(['/graphql', '/login'])('threat 17: is answered 413 at %s', async (path) => {
      const response = await post(large, json, path);
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject(
        path === '/login' ? { error: expect.any(String) } : {},
      );
    });

    it('threat 17: is answered with 413 when it arrives in chunks without an announced length', async () => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (let at = 0; at < large.length; at += 64_000) {
            controller.enqueue(Buffer.from(large.slice(at, at + 64_000)));
          }
          controller.close();
        },
      });
      const init = { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit;
      await expectRefused(await send('/graphql', init), 413, 'PAYLOAD_TOO_LARGE');
    });

    it('threat 17: is no longer read once it is too large', async () => {
      const head = `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 40000000\r\n\r\n`;
      expect(await talk(gateway.url, head)).toMatch(/^HTTP\/1.1 413 .*"PAYLOAD_TOO_LARGE"/s);
    });
  });

  describe('an encoded body', () => {
    it.each(['gzip', 'deflate', 'br', 'gzip, gzip', 'identity, gzip', 'X-Gzip'])(
      'threat 18: is answered with 415 and not decoded when it is %s',
      async (encoding) => {
        const bomb = gzipSync(gzipSync(Buffer.alloc(40_000_000, ' ')));
        const response = await post(bomb, { ...json, 'content-encoding': encoding });
        expect(response.headers.get('accept-encoding')).toBe('identity');
        await expectRefused(response, 415, 'BAD_REQUEST');
        // It is refused before any of it has arrived, so there is nothing to decode.
        const head = `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${bomb.length}\r\n\r\n`;
        const { socket } = await open(gateway.url, head);
        const [answer] = (await once(socket, 'data')) as [Buffer];
        expect(answer.toString()).toMatch(/^HTTP\/1.1 415 /);
        socket.destroy();
      },
    );

    it('threat 18: is answered when its encoding is identity', async () => {
      const response = await post(JSON.stringify({ query: me }), {
        ...json,
        'content-encoding': 'identity',
      });
      expect(response.status).toBe(200);
    });
  });

  describe('headers and addresses', () => {
    const expectUnreadable = async (request: string, status: number): Promise<void> => {
      const answer = await talk(gateway.url, request);
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} .*"code":"BAD_REQUEST"`, 's'));
      expect(answer).toMatch(/^x-correlation-id: [0-9a-f-]{36}\r$/m);
      expect(answer).toMatch(/^content-type: application\/json; charset=utf-8\r$/m);
    };

    it.each([
      [
        'a token of 100 KB',
        `GET /graphql HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${'x'.repeat(100_000)}\r\n\r\n`,
      ],
      ['5000 headers', `GET /graphql HTTP/1.1\r\nhost: a\r\n${'x-many: y\r\n'.repeat(5_000)}\r\n`],
      [
        'an address of 40 KB',
        `GET /graphql?query=${'x'.repeat(40_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
      ],
    ])('threat 19: answers %s with 431', async (_case, request) => {
      await expectUnreadable(request, 431);
    });

    it.each([
      ['no Host', 'GET /graphql HTTP/1.1\r\nconnection: close\r\n\r\n'],
      [
        'two lengths',
        'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
      ],
      [
        'a length and chunks',
        'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      ],
      ['a line break in a header', 'GET /graphql HTTP/1.1\r\nhost: a\r\nx-a: b\rx-c: d\r\n\r\n'],
      ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ])('threat 19: answers %s with 400', async (_case, request) => {
      await expectUnreadable(request, 400);
    });

    it('threat 19: answers an expectation that it cannot meet with 417', async () => {
      await expectUnreadable(
        'POST /graphql HTTP/1.1\r\nhost: a\r\nexpect: the-moon\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
        417,
      );
    });

    it('threat 19: treats headers with the names of inherited properties as headers', async () => {
      const body = JSON.stringify({ query: me });
      const answer = await talk(
        gateway.url,
        'POST /graphql HTTP/1.1\r\nhost: a\r\n__proto__: polluted\r\nconstructor: x\r\ntostring: x\r\n' +
          `content-type: application/json\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 200 .*{"data":{"me":"somebody"}}\n$/s);
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect('polluted' in {}).toBe(false);
    });
  });

  it.each([
    ['malformed JSON', '{"query":'],
    ['an empty body', ''],
    ['a list', '[]'],
    ['a number', '1'],
    ['null', 'null'],
    ['a query that is null', '{"query":null}'],
    ['a query that is a list', '{"query":["{ me }"]}'],
    ['variables as text', '{"query":"{ me }","variables":"{}"}'],
    ['variables as a list', '{"query":"{ me }","variables":[]}'],
    ['an operation name that is a number', '{"query":"{ me }","operationName":1}'],
    ['extensions as text', '{"query":"{ me }","extensions":"{}"}'],
  ])('threat 21: answers %s with 400', async (_case, body) => {
    await expectRefused(await post(body), 400, 'BAD_REQUEST');
  });

  it.each([
    ['no query', {}],
    ['variables that are not JSON', { query: me, variables: '{' }],
    ['variables that are a list', { query: me, variables: '[]' }],
  ])('threat 21: answers a GET with %s with 400', async (_case, parameters) => {
    await expectRefused(await get(parameters), 400, 'BAD_REQUEST');
  });

  it.each([
    ['the query', `{"query":"{ failing }","query":"${me}"}`, { me: 'somebody' }],
    [
      'the query, written otherwise',
      `{"query":"{ failing }","qu\\u0065ry":"${me}"}`,
      { me: 'somebody' },
    ],
    [
      'a variable',
      `{"query":"${oneAuthor}","variables":{"id":"9","id":"1"}}`,
      { author: { id: '1', name: 'Ada' } },
    ],
    [
      'the variables',
      `{"query":"${oneAuthor}","variables":{"id":["bad"]},"variables":{"id":"1"}}`,
      { author: { id: '1', name: 'Ada' } },
    ],
  ])('threat 22: uses the last of two %s', async (_case, body, data) => {
    const response = await post(body);
    expect([response.status, await response.json()]).toEqual([200, { data }]);
  });

  it('threat 22: answers a GET with a duplicate parameter with 400', async () => {
    const search = new URLSearchParams([
      ['query', '{ failing }'],
      ['query', me],
    ]);
    const response = await send(`/graphql?${search.toString()}`, { headers: preflighted });
    await expectRefused(response, 400, 'BAD_REQUEST');
  });

  it.each(['iso-8859-1', 'utf-16', 'utf-7', '"utf-32"'])(
    'threat 23: answers JSON in the charset %s with 415',
    async (charset) => {
      const headers = { 'content-type': `application/json; charset=${charset}` };
      await expectRefused(await post(JSON.stringify({ query: me }), headers), 415, 'BAD_REQUEST');
    },
  );

  it.each([
    ['the first half of a character', `{"query":"${oneAuthor}","variables":{"id":"\\ud83d"}}`],
    ['the second half', `{"query":"${oneAuthor}","variables":{"id":"a\\uDE00"}}`],
    ['two first halves', `{"query":"${oneAuthor}","variables":{"id":"\\ud83d\\ud83d"}}`],
    ['half a character in a name', `{"query":"${me}","variables":{"\\ud83d":1}}`],
    ['half a character in a comment', `{"query":"${me} #\\ud83d"}`],
    ['invalid UTF-8', Buffer.from(`{"query":"${oneAuthor}","variables":{"id":"\xff"}}`, 'latin1')],
    ['an overlong encoding of a character', Buffer.from(`{"query":"${me} #\xc0\xaf"}`, 'latin1')],
  ])('threat 23: answers %s with 400', async (_case, body) => {
    await expectRefused(await post(body), 400, 'BAD_REQUEST');
  });

  it('threat 23: answers half a character in a GET with 400', async () => {
    const parameters = { query: oneAuthor, variables: '{"id":"\\ud83d"}' };
    await expectRefused(await get(parameters), 400, 'BAD_REQUEST');
    const response = await send('/graphql?query=%ff', { headers: preflighted });
    await expectRefused(response, 400, 'BAD_REQUEST');
  });

  it.each([
    ['a whole character', '"\\ud83d\\ude00"'],
    ['a whole character as it is', '"\u{1f600}"'],
    ['the replacement character', '"\ufffd"'],
    ['what only looks like half a character', '"\\\\ud83d"'],
    ['NUL', '"\\u0000"'],
  ])('threat 23: forwards %s to the subgraph', async (_case, id) => {
    const response = await post(`{"query":${JSON.stringify(oneAuthor)},"variables":{"id":${id}}}`);
    expect(response.status).toBe(200);
    expect(graph.authors.calls).toHaveLength(1);
  });

  it.each([
    ['text/plain', JSON.stringify({ query: me })],
    ['text/plain;charset=UTF-8', JSON.stringify({ query: me })],
    ['TEXT/PLAIN; application/json', JSON.stringify({ query: me })],
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(me)}`],
    [
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--`,
    ],
  ])('threat 24: answers a POST of %s, as any page could send it, with 400', async (type, body) => {
    const text = await expectRefused(
      await post(body, { 'content-type': type }),
      400,
      'BAD_REQUEST',
    );
    expect(text).toContain('must be application/json');
  });

  it('threat 24: answers a POST of no type with 400', async () => {
    const body = Buffer.from(JSON.stringify({ query: me }));
    await expectRefused(await post(body, {}), 400, 'BAD_REQUEST');
  });

  it('threat 24: answers a POST of another type, which requires a preflight, with 415', async () => {
    await expectRefused(
      await post('<a/>', { 'content-type': 'application/xml' }),
      415,
      'BAD_REQUEST',
    );
  });

  it('threat 24: answers a GET without a header that requires a preflight with 400', async () => {
    const text = await expectRefused(await get({ query: me }, {}), 400, 'BAD_REQUEST');
    expect(text).toContain('apollo-require-preflight');
  });

  const clientOfGraphQL = {
    accept: 'application/graphql-response+json, application/json',
  };
  const browser = { ...clientOfGraphQL, 'user-agent': 'Mozilla/5.0' };

  it.each([
    ['another site', { ...browser, 'sec-fetch-site': 'cross-site' }],
    ['a neighbour', { ...browser, 'sec-fetch-site': 'same-site' }],
    ['the address bar', { ...browser, 'sec-fetch-site': 'none' }],
    ['a browser that does not say where it comes from', browser],
    ['a page of another origin', { ...clientOfGraphQL, origin: 'https://evil.example' }],
    ['a tag of the same site', { accept: '*/*', 'sec-fetch-site': 'same-origin' }],
  ])('threat 24: answers a plain GET from %s with 400', async (_case, headers) => {
    await expectRefused(await get({ query: me }, headers), 400, 'BAD_REQUEST');
  });

  it.each([
    ['another site', { 'user-agent': 'Mozilla/5.0', 'sec-fetch-site': 'cross-site' }],
    ['a browser that does not say where it comes from', { 'user-agent': 'Mozilla/5.0' }],
    ['a page of another origin', { origin: 'https://evil.example' }],
  ])('threat 24: answers a plain GET for JSON from %s with 400', async (_case, headers) => {
    const response = await get({ query: me }, { accept: 'application/json', ...headers });
    await expectRefused(response, 400, 'BAD_REQUEST');
  });

  it('answers the unsupported @stream with 400', async () => {
    const query = '{ ... @stream { me } }';
    const text = await expectRefused(
      await post(JSON.stringify({ query })),
      400,
      'GRAPHQL_VALIDATION_FAILED',
    );
    expect(text).toContain('Unknown directive');
  });

  it.each([
    ['no browser', clientOfGraphQL],
    ['no browser, for JSON', { accept: 'application/json' }],
    ['a page of this server', { ...browser, 'sec-fetch-site': 'same-origin' }],
    [
      'a page of an allowed origin',
      { ...browser, 'sec-fetch-site': 'same-site', origin: 'http://localhost:5173' },
    ],
  ])('threat 24: answers a GraphQL client’s plain GET from %s', async (_case, headers) => {
    const response = await get({ query: me }, headers);
    expect([response.status, await response.json()]).toEqual([200, { data: { me: 'somebody' } }]);
  });

  it.each(['application/xml', 'application/graphql', 'nonsense', 'message/http'])(
    'threat 25: answers a GET of the type %s with 415',
    async (type) => {
      await expectRefused(await get({ query: me }, { 'content-type': type }), 415, 'BAD_REQUEST');
    },
  );

  it('threat 26: answers a mutation by GET with 405, and POST as what is allowed', async () => {
    const query = 'mutation { change }';
    const response = await get({ query });
    expect(response.headers.get('allow')).toBe('POST');
    await expectRefused(response, 405, 'BAD_REQUEST');
    const named = await get({
      query: `query A { me } ${query.replace('{', 'B {')}`,
      operationName: 'B',
    });
    await expectRefused(named, 405, 'BAD_REQUEST');
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'threat 26: answers %s with 405',
    async (method) => {
      const response = await send('/graphql', { method, headers: json });
      expect(response.headers.get('allow')).toBe('GET, POST');
      await expectRefused(response, 405, 'BAD_REQUEST');
    },
  );

  it.each([
    ['one operation', [{ query: me }]],
    ['many', Array.from({ length: 100 }, () => ({ query: me }))],
  ])('threat 27: answers a batch of %s with 400', async (_case, body) => {
    await expectRefused(await post(JSON.stringify(body)), 400, 'BAD_REQUEST');
  });

  it.each([
    ['POST', () => post('{"query":"query A { me }","operationName":"B"}')],
    ['GET', () => get({ query: 'query A { me }', operationName: 'B' })],
  ])('threat 28: answers an unknown operation name by %s with 400', async (_method, request) => {
    await expectRefused(await request(), 400, 'OPERATION_RESOLUTION_FAILURE');
  });
});
