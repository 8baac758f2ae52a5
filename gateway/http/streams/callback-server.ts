import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostAndPort } from '../../../common/host-and-port.ts';
import { listenFailure } from '../../../common/listen-failure.ts';
import type { Logger } from '../../../common/logger.ts';
import { parsingProblem } from '../../../common/parse-cost.ts';
import { CallbackEvents, callbackProtocol } from '../../../engine/fetching/callback-events.ts';
import type { GatewayConfig } from '../../config/load.ts';

/** Subscriptions whose events are posted, and the server that takes them. */
export interface CallbackServer {
  readonly events: CallbackEvents;
  close(): Promise<void>;
}

/** The most connections of subgraphs. */
const maxConnections = 10_000;

/**
 * Listens for the messages of subgraphs, on a port of its own: clients need not reach it, and their limits do not count
 * here. The last segment of the path is the id of a subscription. Throws a StartupError when it cannot listen.
 */
export async function openCallbackServer(
  { server: { host, receiveTimeoutMs: timeoutMs }, subscriptions, subgraphs }: GatewayConfig,
  log: Logger,
): Promise<CallbackServer> {
  const { callbackUrl, callbackPort: port, silenceMs } = subscriptions;
  let url = callbackUrl;
  const events = new CallbackEvents({ url: () => url ?? '', silenceMs });
  const server = createServer(
    { requestTimeout: timeoutMs, headersTimeout: timeoutMs, keepAliveTimeout: 65_000 },
    (request, response) => {
      answer(events, request, subgraphs.maxResponseBytes).then(
        (status) => {
          end(response, status);
        },
        (error: unknown) => {
          log.debug({ err: error }, 'a message of a subgraph was not read');
          response.destroy();
        },
      );
    },
  );
  server.maxConnections = maxConnections;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
  } catch (error) {
    throw listenFailure(error, { host, port, portSetting: 'subscriptions.callbackPort' });
  }
  url ??= `http://${hostAndPort(host, (server.address() as AddressInfo).port)}`;
  return {
    events,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(
  events: CallbackEvents,
  request: IncomingMessage,
  maxBytes: number,
): Promise<number> {
  if (request.method !== 'POST') return 405;
  const id = request.url?.split('?', 1)[0]?.split('/').at(-1) ?? '';
  // The body of a message for a subscription that has ended is not worth reading.
  if (!events.isOpen(id)) return 404;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return 413;
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (parsingProblem(text) !== undefined) return 400;
  try {
    return events.receive(id, JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return 400;
    throw error;
  }
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, {
    'subscription-protocol': callbackProtocol,
    // What is left of a body that was not read ends with its connection.
    ...((status === 404 || status === 413 || status === 405) && { connection: 'close' }),
  });
  response.end();
}
