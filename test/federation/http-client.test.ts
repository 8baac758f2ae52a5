import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createCancellation } from '../../engine/fetching/cancellation.ts';
import { SubgraphFailure } from '../../engine/fetching/failure.ts';
import { createHttpClient, type HttpClient } from '../../engine/fetching/http-client.ts';
import type {
  OperationKind,
  RequestContext,
  SubgraphResponse,
} from '../../engine/fetching/types.ts';
import { requestContext } from '../support/subgraph-calls.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server | undefined;
let client: HttpClient | undefined;

afterEach(async () => {
  await client?.close();
  client = undefined;
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

describe('fetching/http client', () => {
  it('posts the body with the headers of the viewer and the correlation id', async () => {
    const received: { body?: string; headers?: IncomingMessage['headers']; method?: string } = {};
    await subgraph((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        Object.assign(received, { body, headers: request.headers, method: request.method });
        json(response, '{"data":{"a":"ü"}}', { 'Cache-Control': 'max-age=5' });
      });
    });
    const response = await ask({ correlationId: 'abcdefgh', headersFor: () => ['x-viewer', 'v'] });
    expect(response).toEqual({ body: '{"data":{"a":"ü"}}', cacheControl: 'max-age=5' });
    expect(received).toMatchObject({
      method: 'POST',
      body: '{"query":"{a}"}',
      headers: {
        'content-type': 'application/json',
        'x-viewer': 'v',
        'x-correlation-id': 'abcdefgh',
      },
    });
  });

  it.each([
    [
      'a redirect',
      302,
      { location: 'http://127.0.0.1:1/' },
      '',
      /redirect \(302\), which is never followed/,
    ],
    [
      'HTML',
      200,
      { 'content-type': 'text/html' },
      '<p>',
      /answered with content type "text\/html" and status 200; expected JSON/,
    ],
    ['no content type', 200, {}, '{}', /no content type/],
    [
      'a failure as plain JSON',
      500,
      { 'content-type': 'application/json' },
      '{"data":{}}',
      /status 500/,
    ],
    [
      'a refusal',
      401,
      { 'content-type': 'application/json' },
      '{}',
      /refused the gateway with status 401/,
    ],
    [
      'another charset',
      200,
      { 'content-type': 'application/json; charset=utf-16' },
      '{}',
      /expected JSON/,
    ],
    [
      'compressed data',
      200,
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      'x',
      /encoding "gzip"/,
    ],
  ])('treats %s as a failure', async (_name, status, headers, body, expected) => {
    await subgraph((_request, response) => {
      response.writeHead(status, headers as Record<string, string>).end(body);
    });
    await expect(ask()).rejects.toThrow(expected);
  });

  it('accepts a GraphQL response with any status, if its media type says that it is one', async () => {
    const body = '{"errors":[{"message":"no"}]}';
    await subgraph((_request, response) => {
      response.writeHead(500, { 'content-type': 'application/graphql-response+json' }).end(body);
    });
    expect((await ask()).body).toBe(body);
  });

  it('stops reading at the maximum size', async () => {
    let closed: Promise<unknown> | undefined;
    await subgraph((_request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      response.writeHead(200, { 'content-type': 'application/json' });
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    await expect(ask()).rejects.toThrow(/sent more than 100000 bytes/);
    await closed;
  });

  it('does not start reading a body announced as too long', async () => {
    await subgraph((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100001' });
      response.flushHeaders();
    });
    await expect(ask()).rejects.toThrow(/announced 100001 bytes; at most 100000 are read/);
  });

  it('threat 56: stops reading a body that arrives in too many pieces', async () => {
    let closed: Promise<unknown> | undefined;
    await subgraph((_request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      // To the socket: Node.js 26 puts what a response writes at once into one piece.
      const { socket } = response;
      const write = (): void => {
        if (socket?.destroyed === false) socket.write('1\r\nx\r\n'.repeat(1_000), write);
      };
      write();
    });
    client = createHttpClient({
      timeoutMs: 60_000,
      maxResponseBytes: 10_000_000,
      maxConnections: 4,
    });
    await expect(ask()).rejects.toThrow(/sent its response in more than 100000 chunks/);
    await closed;
  });

  it('sends the user and password of an address, unless the call overrides them, and does not reveal them', async () => {
    const received: (string | undefined)[] = [];
    await subgraph(({ headers, url }, response) => {
      received.push(`${headers.authorization} ${url}`);
      json(response, '{"data":{}}');
    });
    const { port } = server?.address() as AddressInfo;
    const at = (user: string): string => `http://${user}@127.0.0.1:${port}/graphql`;
    await askAt(at('us%40er:p%3Aw%C3%BC%25'));
    await askAt(at('user'));
    await askAt(at('user:100%'));
    await askAt(at('user:pw'), { headersFor: () => ['Authorization', 'Bearer of the viewer'] });
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(received).toEqual(
      [basic('us@er:p:wü%'), basic('user:'), basic('user:100%'), 'Bearer of the viewer'].map(
        (authorization) => `${authorization} /graphql`,
      ),
    );
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    const failure = await askAt(at('user:secret')).catch((error: unknown) => inspect(error));
    expect(failure).toMatch(/could not be called/);
    expect(failure).not.toContain('secret');
  });

  it('aborts after the deadline, even when a response arrives slowly, and closes the connection', async () => {
    let closed: Promise<unknown> | undefined;
    await subgraph((_request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      response.writeHead(200, { 'content-type': 'application/json' });
      const dripping = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(dripping));
    });
    const failure = await ask({ deadlineAt: Date.now() + 60 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SubgraphFailure);
    expect(failure).toMatchObject({ code: 'SUBGRAPH_TIMEOUT', neverStarted: false });
    await closed;
  });

  it('does not call when the time for the whole response is over', async () => {
    let calls = 0;
    await subgraph((_request, response) => {
      calls += 1;
      json(response, '{}');
    });
    await expect(ask({ deadlineAt: Date.now() - 1 })).rejects.toMatchObject({
      code: 'SUBGRAPH_TIMEOUT',
      neverStarted: true,
    });
    expect(calls).toBe(0);
  });

  it('aborts a query when its client disconnects, and finishes a mutation', async () => {
    const arrived: (() => void)[] = [];
    await subgraph((_request, response) => {
      arrived.shift()?.();
      setTimeout(() => json(response, '{"data":{}}'), 50);
    });
    const leave = async (operationKind: OperationKind): Promise<unknown> => {
      const cancellation = createCancellation();
      const isThere = new Promise<void>((resolve) => arrived.push(resolve));
      const answer = ask({ cancellation }, operationKind).catch((error: unknown) => error);
      await isThere;
      cancellation.cancel();
      return answer;
    };
    expect(await leave('query')).toBeInstanceOf(SubgraphFailure);
    expect(await leave('mutation')).toEqual({ body: '{"data":{}}', cacheControl: undefined });
  });

  it('reports when the subgraph cannot have started', async () => {
    await subgraph(() => undefined);
    const { port } = server?.address() as AddressInfo;
    await new Promise((resolve) => server?.close(resolve));
    await expect(askAt(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'SUBGRAPH_ERROR',
      neverStarted: true,
    });
    await expect(askAt('not an address')).rejects.toThrow(/has no address/);
  });

  it('keeps its connection for the next call', async () => {
    const ports = new Set<number | undefined>();
    await subgraph((request, response) => {
      ports.add(request.socket.remotePort);
      json(response, '{"data":{}}');
    });
    await ask();
    // The connection is free again once undici has left the callback that received the response.
    await new Promise((resolve) => setImmediate(resolve));
    await ask();
    expect(ports.size).toBe(1);
  });
});

async function subgraph(answer: Answer): Promise<void> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
}

function json(response: ServerResponse, body: string, headers: Record<string, string> = {}): void {
  response
    .writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(body);
}

function ask(
  context: Partial<RequestContext> = {},
  kind: OperationKind = 'query',
): Promise<SubgraphResponse> {
  const { port } = server?.address() as AddressInfo;
  return askAt(`http://127.0.0.1:${port}/graphql`, context, kind);
}

function askAt(
  address: string,
  context: Partial<RequestContext> = {},
  operationKind: OperationKind = 'query',
): Promise<SubgraphResponse> {
  client ??= createHttpClient({ timeoutMs: 5_000, maxResponseBytes: 100_000, maxConnections: 4 });
  const whole = requestContext(context);
  return client.fetchFrom(new Map([['shop', address]]))({
    subgraph: 'shop',
    operationKind,
    body: '{"query":"{a}"}',
    headers: whole.headersFor('shop'),
    path: [],
    context: whole,
  });
}
