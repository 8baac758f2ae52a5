import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartupError } from '../../common/errors.ts';

/** The maximum number of requests that wait while services start; further ones are refused. */
const waitingMax = 1_000;

/** The development port, which stays open while the services behind it restart. */
export interface Front {
  readonly url: string;
  /** Forwards requests to a gateway. */
  serve(gatewayUrl: string): void;
  /** Makes requests wait for the next `serve`, each for no longer than the maximum wait. */
  hold(): void;
  /** Answers 503 and the reason, also to waiting requests, until the next `serve` or `hold`. */
  refuse(reason: string): void;
  stop(): void;
}

/** Opens the port. Throws StartupError PORT_IN_USE. */
export async function openFront({
  host,
  port,
  waitMaxMs,
}: {
  readonly host: string;
  /** 0 picks any free port. */
  readonly port: number;
  readonly waitMaxMs: number;
}): Promise<Front> {
  let state: State = 'held';
  const waiting = new Set<() => void>();

  const change = (next: State): void => {
    state = next;
    if (next === 'held') return;
    for (const settle of waiting) settle();
  };
  const settled = async (outgoing: ServerResponse): Promise<State> => {
    if (state !== 'held') return state;
    if (waiting.size >= waitingMax) return { reason: 'too many requests are waiting already' };
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        waiting.delete(settle);
        resolve();
      };
      const timer = setTimeout(settle, waitMaxMs);
      waiting.add(settle);
      outgoing.once('close', settle);
    });
    return state;
  };
  const server = createServer((incoming, outgoing) => {
    void settled(outgoing).then((now) => {
      if (outgoing.destroyed) return;
      if (now === 'held') refuse(outgoing, `they take longer than ${waitMaxMs} ms`);
      else if ('reason' in now) refuse(outgoing, now.reason);
      else passOn(now.gatewayUrl, incoming, outgoing);
    });
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new StartupError(
      'PORT_IN_USE',
      `Port ${port} on ${host} is in use.`,
      'Stop the process that uses it, or choose another port with GATEWAY_PORT.',
      { cause: error },
    );
  }
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    serve: (gatewayUrl) => {
      change({ gatewayUrl });
    },
    hold: () => {
      change('held');
    },
    refuse: (reason) => {
      change({ reason });
    },
    stop: () => {
      change({ reason: 'development ends' });
      server.close();
      server.closeAllConnections();
    },
  };
}

type State = 'held' | { readonly gatewayUrl: string } | { readonly reason: string };

/** One connection for each request: the gateway behind it will soon be another one. */
function passOn(gatewayUrl: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, rawHeaders } = incoming;
  const { hostname, port } = new URL(gatewayUrl);
  const headers = withoutHopByHop(rawHeaders);
  const call = request({ hostname, port, path: url, method, headers, agent: false });
  call.on('response', (answer) => {
    outgoing.writeHead(
      answer.statusCode ?? 502,
      answer.statusMessage,
      withoutHopByHop(answer.rawHeaders),
    );
    answer.on('error', () => outgoing.destroy());
    answer.pipe(outgoing);
  });
  call.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(outgoing, 'the gateway did not answer');
  });
  outgoing.once('close', () => call.destroy());
  incoming.pipe(call);
}

/** Without headers about a single connection (RFC 9110 §7.6.1), and those that Node.js has already handled. */
function withoutHopByHop(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    if (!/^(connection|keep-alive|expect)$/i.test(name)) kept.push(name, value);
  }
  return kept;
}

function refuse(outgoing: ServerResponse, reason: string): void {
  const message = `The services do not answer: ${reason}. See the output of npm run dev.`;
  outgoing.writeHead(503, { 'content-type': 'application/json', 'retry-after': '2' });
  outgoing.end(JSON.stringify({ errors: [{ message, extensions: { code: 'OVERLOADED' } }] }));
}
