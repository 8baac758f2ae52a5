import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { patienceMs } from './patience.ts';

/** A request that went through the proxy. */
export interface ForwardedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly query: string; readonly variables?: Record<string, unknown> };
}

/** An HTTP server that passes every request on to another one and keeps what it saw. */
export interface ForwardingProxy {
  readonly url: string;
  readonly requests: readonly ForwardedRequest[];
  forget(): void;
  stop(): Promise<void>;
}

/** Stands between the gateway and a subgraph, so that a test sees what crosses. */
export async function startForwardingProxy(targetUrl: string): Promise<ForwardingProxy> {
  const requests: ForwardedRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString('utf8');
      requests.push({
        headers: request.headers,
        body: JSON.parse(body) as ForwardedRequest['body'],
      });
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) {
        if (!['host', 'connection', 'content-length', 'transfer-encoding'].includes(name)) {
          headers.set(name, String(value));
        }
      }
      const answer = await fetch(targetUrl, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(patienceMs),
      });
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? '',
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    requests,
    forget: () => requests.splice(0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
