import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { madeUpAnswer } from './made-up-answer.ts';

/** The maximum size of a request body in bytes. */
const bodyMaxBytes = 1024 * 1024;

const requestDeadlineMs = 10_000;

const host = '127.0.0.1';

/** A listening server of made-up data. */
export interface MockServer {
  readonly url: string;
  /** Stops it; requests in progress are cut off. */
  close(): Promise<void>;
}

/**
 * Serves a schema with made-up data on 127.0.0.1 (GraphQL over HTTP, POST with JSON), to local programs and to
 * pages of this machine. Port 0 picks a free one. Rejects with the error of `listen`.
 */
export async function serveMock(
  schema: GraphQLSchema,
  { port, seed }: { readonly port: number; readonly seed: string },
  onError: (error: unknown) => void,
): Promise<MockServer> {
  const server = createServer({ requestTimeout: requestDeadlineMs }, (request, response) => {
    answer(request, schema, seed)
      .catch((error: unknown) => {
        onError(error);
        return failure(500, 'The mock failed; its output says why.');
      })
      .then(({ status, body, headers }) => {
        send(response, status, body, headers);
      }, onError);
  });
  server.maxConnections = 100;
  await listening(server, port);
  const address = server.address();
  const listens = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host}:${listens}/graphql`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

interface Answer {
  readonly status: number;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const json = 'application/json';
const graphqlResponse = 'application/graphql-response+json';

function failure(status: number, message: string, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    body: JSON.stringify({ errors: [{ message }] }),
    headers: { ...headers, 'content-type': json },
  };
}

const requestSchema = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

async function answer(
  request: IncomingMessage,
  schema: GraphQLSchema,
  seed: string,
): Promise<Answer> {
  const { headers, method, url = '' } = request;
  // Otherwise a page of another site could reach it through a name that resolves to this machine (DNS rebinding).
  if (!isOfThisMachine(`http://${headers.host ?? ''}`)) {
    return failure(403, 'Only requests for 127.0.0.1 and localhost are answered.');
  }
  const cors = corsHeaders(headers.origin);
  if (!/^\/(graphql)?(\?|$)/.test(url)) return failure(404, 'Expected the path /graphql.', cors);
  if (method === 'OPTIONS') return { status: 204, body: undefined, headers: cors };
  if (method !== 'POST') {
    return failure(405, 'Expected POST.', { ...cors, allow: 'POST, OPTIONS' });
  }
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    return failure(415, 'Expected content-type: application/json.', cors);
  }
  const text = await textWithin(request, bodyMaxBytes);
  if (text === undefined) {
    return failure(413, `The body has over ${bodyMaxBytes} bytes.`, {
      ...cors,
      connection: 'close',
    });
  }
  const read = requestSchema.safeParse(parsed(text));
  if (!read.success) {
    return failure(
      400,
      'Expected a JSON object with a query, and maybe operationName and variables.',
      cors,
    );
  }
  const result = await madeUpAnswer(schema, read.data, seed);
  const type = headers.accept?.includes(graphqlResponse) === true ? graphqlResponse : json;
  const isRefused = !('data' in result) && type === graphqlResponse;
  return {
    status: isRefused ? 400 : 200,
    body: JSON.stringify(result),
    headers: { ...cors, 'content-type': `${type}; charset=utf-8` },
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: string | undefined,
  headers: Answer['headers'],
): void {
  response.writeHead(status, { ...headers, 'cache-control': 'no-store', vary: 'accept, origin' });
  response.end(body);
}

/** Only pages served by this machine may read the answer. */
function corsHeaders(origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined || !isOfThisMachine(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-headers': 'content-type, authorization, apollo-require-preflight',
    'access-control-allow-methods': 'POST',
  };
}

function isOfThisMachine(address: string): boolean {
  return (
    URL.canParse(address) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(address).hostname)
  );
}

async function textWithin(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
