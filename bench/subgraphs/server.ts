import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, createAnswer } from './answers.ts';
import { subgraphNames, subgraphSchemas } from './schemas.ts';

/** What this process tells its parent once it listens. */
export interface SubgraphsListening {
  readonly ports: Readonly<Record<string, number>>;
}

/** What a subgraph saw of its gateway: `GET` answers it, as JSON. */
export interface Seen {
  /** Calls since the start. */
  readonly calls: number;
  /** Names of the headers of the last call, in lower case. */
  readonly lastHeaders: readonly string[];
}

/** The process of the subgraphs: each on a port of its own, told to the parent over IPC. */
const servers = subgraphNames.map((name) => ({
  name,
  server: createSubgraph(createAnswer(subgraphSchemas[name]())),
}));
await Promise.all(servers.map(({ server }) => listen(server)));
const ports = Object.fromEntries(
  servers.map(({ name, server }) => [name, (server.address() as AddressInfo).port]),
);
process.send?.({ ports } satisfies SubgraphsListening);
process.on('disconnect', () => process.exit());

function createSubgraph(answer: Answer): Server {
  let calls = 0;
  let lastRawHeaders: readonly string[] = [];
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      const seen: Seen = { calls, lastHeaders: namesOf(lastRawHeaders) };
      respond(response, Buffer.from(JSON.stringify(seen)));
      return;
    }
    calls += 1;
    lastRawHeaders = request.rawHeaders;
    void readBody(request)
      .then(answer)
      .then(
        (bytes) => respond(response, bytes, request.headers['x-call-id']),
        (error: unknown) => response.destroy(error as Error),
      );
  });
  // A connection that a gateway keeps for later must still be open when it comes back to it.
  server.keepAliveTimeout = 120_000;
  return server;
}

/** A call that is numbered gets its number back, as from the subgraphs of the storefront; other gateways number none. */
function respond(response: ServerResponse, bytes: Buffer, callId?: string | string[]): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': bytes.byteLength,
    ...(callId !== undefined && { 'x-call-id': callId }),
  });
  response.end(bytes);
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}

function namesOf(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
