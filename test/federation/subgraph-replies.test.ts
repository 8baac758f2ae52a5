import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHttpClient, type HttpClient } from '../../engine/fetching/http-client.ts';
import type { SubgraphFetch } from '../../engine/fetching/types.ts';
import { SupergraphGateway } from '../../engine/index.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { compose } from '../support/federation.ts';
import { subgraphRequest } from '../support/subgraph-calls.ts';

/** The body that is read; a successful call returns exactly this. */
const body = '{"data":{"me":{"id":"1"}}}';

/** The bytes of a response to a call, with the call's id if the subgraph copies it. */
type Reply = (naming: string) => string | Buffer;

const sized = `content-length: ${body.length}`;

/** A response with these head lines and this text. */
function replying(
  lines: readonly string[],
  text: string | Buffer = body,
  status = '200 OK',
): Reply {
  return (naming) =>
    Buffer.concat([
      Buffer.from(`HTTP/1.1 ${status}\r\n${naming}${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
      Buffer.from(text),
    ]);
}

function typed(contentType: string): Reply {
  return replying([`content-type: ${contentType}`, sized]);
}

function encoded(coding: string, bytes: string | Buffer = body): Reply {
  const length = `content-length: ${Buffer.byteLength(bytes)}`;
  return replying(['content-type: application/json', `content-encoding: ${coding}`, length], bytes);
}

const good = typed('application/json');

/** A response after interim ones. */
function behind(...interim: readonly string[]): Reply {
  return (naming) => Buffer.concat([Buffer.from(interim.join('')), Buffer.from(good(naming))]);
}

function chunked(chunks: string, ...lines: readonly string[]): Reply {
  return replying(
    ['content-type: application/json', 'transfer-encoding: chunked', ...lines],
    chunks,
  );
}

const size = body.length.toString(16);
const continues = 'HTTP/1.1 100 Continue\r\n\r\n';

type Row = readonly [what: string, reply: Reply, expected: 'is read' | RegExp];

/** RFC 9110, and what servers make of it. A response that is not read is refused with a message. */
const rows: readonly Row[] = [
  // §8.3: media types and their parameters.
  ['application/json', typed('application/json'), 'is read'],
  ['a type in upper case', typed('Application/JSON; Charset=UTF-8'), 'is read'],
  ['charset=utf8', typed('application/json; charset=utf8'), 'is read'],
  ['a quoted charset', typed('application/json;charset="utf-8"'), 'is read'],
  ['a quoted charset with an escape', typed('application/json;charset="utf\\-8"'), 'is read'],
  ['a subset of UTF-8', typed('application/json; charset=us-ascii'), 'is read'],
  ['other parameters', typed('application/json;charset=utf-8;profile="x;y=\\"z\\""'), 'is read'],
  ['parameters without a value', typed('application/json; ;'), 'is read'],
  ['blanks around parameters', typed('application/json \t;  charset=utf-8 \t'), 'is read'],
  [
    'a GraphQL response with parameters',
    typed('application/graphql-response+json; charset=utf-8; v=1'),
    'is read',
  ],
  [
    'the same type twice',
    replying(Array<string>(2).fill('content-type: application/json').concat(sized)),
    'is read',
  ],
  ['another charset', typed('application/json; charset=utf-16'), /utf-16.*expected JSON/],
  ['two charsets', typed('application/json; charset=utf-8; charset=latin1'), /expected JSON/],
  ['a type of another name', typed('application/json5'), /json5.*expected JSON/],
  ['a type that begins like JSON', typed('application/json-patch+json'), /expected JSON/],
  ['text', typed('text/plain; x=application/json'), /expected JSON/],
  ['an empty type', typed(''), /expected JSON/],
  ['a parameter without its end', typed('application/json; a="'), /expected JSON/],
  ['a parameter without a name', typed('application/json; =utf-8'), /expected JSON/],
  ['two types in one', typed('application/json, text/html'), /expected JSON/],
  [
    'two types in two headers',
    replying(['content-type: text/html', 'content-type: application/json', sized]),
    /text\/html, application\/json.*expected JSON/,
  ],
  ['no type', replying([sized]), /no content type/],
  ['a type of 256 characters', typed(`application/json; a=${'x'.repeat(236)}`), 'is read'],
  ['15,700 blanks in a type', typed(`application/json;a=${' '.repeat(15_700)}x`), /expected JSON/],
  [
    '15,700 blanks behind a type',
    typed(`application/json${'\t '.repeat(7_850)}x`),
    /expected JSON/,
  ],
  ['a type of 257 characters', typed(`application/json; a=${'x'.repeat(237)}`), /expected JSON/],

  // §8.4: content codings. None was requested, and none is decoded.
  ['the coding Identity', encoded('Identity'), 'is read'],
  ['an empty coding', encoded(''), 'is read'],
  ['identity twice', encoded('identity, , IDENTITY'), 'is read'],
  ['gzip', encoded('gzip', gzipSync(body)), /encoding "gzip"/],
  ['x-gzip', encoded('x-gzip', gzipSync(body)), /encoding "x-gzip"/],
  ['deflate', encoded('deflate', deflateSync(body)), /encoding "deflate"/],
  ['br', encoded('br', brotliCompressSync(body)), /encoding "br"/],
  ['gzip in gzip', encoded('gzip, gzip', gzipSync(gzipSync(body))), /encoding "gzip, gzip"/],
  [
    'gzip in a second header',
    encoded('identity\r\ncontent-encoding: gzip'),
    /encoding "identity, gzip"/,
  ],
  ['an unknown coding', encoded('rot13'), /encoding "rot13"/],
  ['a very long coding', encoded('identity,'.repeat(100)), /encoding "identity,/],

  // §15.2: unrequested interim responses.
  ['100 Continue', behind(continues), 'is read'],
  ['100 Continue with headers', behind('HTTP/1.1 100 Continue\r\nx-a: b\r\n\r\n'), 'is read'],
  [
    'several interim replies',
    behind(continues, 'HTTP/1.1 102 Processing\r\n\r\n', continues),
    'is read',
  ],
  ['103 Early Hints', behind('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'), 'is read'],
  ['an interim reply that is unknown', behind('HTTP/1.1 199 Whatever\r\n\r\n'), 'is read'],
  [
    '101 Switching Protocols',
    behind('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    /could not be called/,
  ],

  // §15: statuses.
  ['201', replying(['content-type: application/json', sized], body, '201 Created'), 'is read'],
  ['204', replying([], '', '204 No Content'), /no content type and status 204/],
  ['205', replying(['content-length: 0'], '', '205 Reset Content'), /no content type/],
  ['304', replying([], '', '304 Not Modified'), /redirect \(304\)/],
  ['400', replying(['content-type: application/json', sized], body, '400 Bad Request'), 'is read'],
  ['401', replying(['content-type: application/json', sized], body, '401 No'), /status 401/],
  ['403', replying(['content-type: application/json', sized], body, '403 No'), /status 403/],
  [
    '500 of JSON',
    replying(['content-type: application/json', sized], body, '500 No'),
    /status 500/,
  ],
  [
    '500 of a GraphQL response',
    replying(['content-type: Application/GraphQL-Response+JSON', sized], body, '500 No'),
    'is read',
  ],
  [
    'a status without a reason',
    replying(['content-type: application/json', sized], body, '200 '),
    'is read',
  ],
  [
    'a status of four digits',
    replying(['content-type: application/json', sized], body, '2000 OK'),
    /could not be called/,
  ],

  // RFC 9112 §6 and §7: how long a body is.
  ['chunks', chunked(`${size}\r\n${body}\r\n0\r\n\r\n`), 'is read'],
  [
    'chunks of one byte',
    chunked(
      `${Array.from(body)
        .map((byte) => `1\r\n${byte}\r\n`)
        .join('')}0\r\n\r\n`,
    ),
    'is read',
  ],
  ['chunks with extensions', chunked(`${size};a=1;b="c"\r\n${body}\r\n0;d\r\n\r\n`), 'is read'],
  [
    'chunks with trailers',
    chunked(`${size}\r\n${body}\r\n0\r\nx-sum: 1\r\nx-call-id: 0\r\n\r\n`, 'trailer: x-sum'),
    'is read',
  ],
  [
    'a chunk whose size is not a number',
    chunked(`zz\r\n${body}\r\n0\r\n\r\n`),
    /could not be called/,
  ],
  [
    'a chunk that is longer than it says',
    chunked(`1\r\n${body}\r\n0\r\n\r\n`),
    /could not be called/,
  ],
  ['a length and chunks', chunked(`${size}\r\n${body}\r\n0\r\n\r\n`, sized), /could not be called/],
  [
    'two lengths',
    replying(['content-type: application/json', sized, 'content-length: 3']),
    /could not be called/,
  ],
  [
    'an invalid length',
    replying(['content-type: application/json', 'content-length: x']),
    /could not be called/,
  ],

  // RFC 9112 §5: heads.
  [
    'a head with blanks in odd places',
    replying(['CONTENT-TYPE:application/json\t ', `Content-Length:${body.length}`]),
    'is read',
  ],
  [
    'a header that continues on the next line',
    replying(['content-type: application/json;\r\n charset=utf-8', sized]),
    /could not be called|expected JSON/,
  ],
  [
    'a blank before a colon',
    replying(['content-type : application/json', sized]),
    /could not be called/,
  ],
  [
    'a line without a colon',
    replying(['content-type: application/json', 'hello', sized]),
    /could not be called/,
  ],
  [
    'non-ASCII bytes in a value',
    replying(['content-type: application/json', 'x-a: \u00e9', sized]),
    'is read',
  ],
  [
    'a head of 20,000 characters',
    replying(['content-type: application/json', `x-a: ${'x'.repeat(20_000)}`, sized]),
    /could not be called/,
  ],
];

describe('federation/replies of subgraphs', () => {
  let proxy: FaultProxy;
  let client: HttpClient;
  let fetch: SubgraphFetch;

  beforeAll(async () => {
    proxy = await startFaultProxy();
  });
  afterAll(() => proxy.stop());

  const withClient = async (depth: number, scenario: () => Promise<void>): Promise<void> => {
    client = createHttpClient({
      timeoutMs: 10_000,
      maxResponseBytes: 100_000,
      maxConnections: 4,
      pipeliningFor: () => depth,
    });
    fetch = client.fetchFrom(new Map([['orders', proxy.url]]));
    try {
      await scenario();
    } finally {
      await client.close();
    }
  };
  const outcome = (text: string): Promise<string> =>
    fetch(subgraphRequest({ body: text })).then(
      (response) => (typeof response.body === 'string' ? response.body : 'a value'),
      String,
    );
  const wanted = (expected: Row[2]): unknown =>
    expected === 'is read' ? body : expect.stringMatching(expected);

  it.each(rows)('on a separate connection, %s', (_what, reply, expected) =>
    withClient(1, async () => {
      proxy.inject(({ caller }) => void caller.write(reply('')));
      expect(await outcome('odd')).toEqual(wanted(expected));
      proxy.inject(({ caller }) => void caller.write(good('')));
      expect(await outcome('good')).toBe(body);
    }),
  );

  it('until the connection ends, when there is no body length', () =>
    withClient(1, async () => {
      proxy.inject(
        ({ caller }) => void caller.end(replying(['content-type: application/json'])('')),
      );
      expect(await outcome('odd')).toBe(body);
    }));

  it.each(rows)('between other calls on a connection, %s', (_what, reply, expected) =>
    withClient(8, async () => {
      proxy.inject(({ caller, request }) => {
        const [, id = ''] = /\r\nx-call-id: (\d+)/.exec(request) ?? [];
        caller.write((request.endsWith('odd') ? reply : good)(`x-call-id: ${id}\r\n`));
      });
      expect(await outcome('first')).toBe(body);
      // By then the connection is free again.
      await new Promise((resolve) => setImmediate(resolve));
      const connectionsBefore = proxy.requests.length;
      const outcomes = await Promise.all(['before', 'odd', 'behind'].map(outcome));
      expect(outcomes).toEqual([body, wanted(expected), body]);
      expect(proxy.requests.length).toBeGreaterThanOrEqual(connectionsBefore + 3);
    }),
  );

  describe.each([
    ['the gateway', undefined],
    [
      'a RemoteGraphQLDataSource',
      ({ url }: { url?: string }) => new RemoteGraphQLDataSource({ url }),
    ],
  ])('in an Apollo Server, read by %s', (_who, buildService) => {
    let server: ApolloServer;

    beforeAll(async () => {
      const schema = 'type Query { me: Me } type Me { id: ID }';
      const supergraphSdl = compose({ orders: schema }).replaceAll(
        'http://orders.test/graphql',
        proxy.url,
      );
      const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
      // A library that waits forever is stopped.
      const http = buildService && { timeoutMs: 2_000 };
      server = new ApolloServer({
        gateway: new SupergraphGateway({ supergraphSdl, buildService, logger, http }),
        logger,
      });
      await server.start();
    });
    afterAll(() => server.stop());

    it.each(rows)('%s is read, or an error with a code', async (_what, reply, expected) => {
      proxy.inject(({ caller }) => void caller.write(reply('')));
      const { body: answer } = await server.executeOperation({ query: '{ me { id } }' });
      if (answer.kind !== 'single') throw new Error('Expected one answer.');
      const { data, errors } = answer.singleResult;
      const isRead = JSON.stringify(data) === '{"me":{"id":"1"}}' && errors === undefined;
      if (!isRead) {
        expect({ data, errors }).toMatchObject({
          data: { me: null },
          errors: [{ path: ['me'], extensions: { code: expect.stringMatching(codes) } }],
        });
      }
      // A data source parses with its own library.
      if (!buildService) expect(isRead).toBe(expected === 'is read');
    });
  });
});

describe('federation/a data source that reads with fetch', () => {
  it.each([
    ['text', Buffer.from(body)],
    ['a stream that breaks', Buffer.concat([Buffer.from([0x78, 0x9c]), Buffer.from(body)])],
    ['nothing', Buffer.alloc(0)],
  ])('reports an error for %s declared as deflate', async (_what, bytes) => {
    const proxy = await startFaultProxy();
    try {
      proxy.inject(({ caller }) => void caller.write(encoded('deflate', bytes)('')));
      const source = new RemoteGraphQLDataSource({
        url: proxy.url,
        fetcher: fetch as unknown as Fetcher,
      });
      const asked = source.process({
        kind: 'health check' as never,
        request: { query: '{ me { id } }' },
        context: {},
      });
      await expect(asked).rejects.toThrow();
    } finally {
      await proxy.stop();
    }
  });
});

/** Apollo's own type, which does not include the fetch of Node.js. */
type Fetcher = RemoteGraphQLDataSource['fetcher'];

const codes =
  /^(?:SUBGRAPH_ERROR|SUBGRAPH_TIMEOUT|UNAUTHENTICATED|FORBIDDEN|INTERNAL_SERVER_ERROR)$/;

function ignore(): void {
  // These tests check responses.
}
