import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A request on its way to a subgraph, and the means to answer it well or badly. */
export interface Exchange {
  /** The connection to the caller. */
  readonly caller: Socket;
  /** The request as text: head and body. */
  readonly request: string;
  /**
   * Calls the subgraph; returns the bytes of its whole response. Rejects when the caller disconnects, and disconnects
   * from the subgraph.
   */
  forward(): Promise<Buffer>;
}

/** How an exchange proceeds. If it throws, the connection is destroyed. */
export type Fault = (exchange: Exchange) => void | Promise<void>;

/** A TCP proxy between the gateway and a subgraph that applies a fault to each exchange. */
export interface FaultProxy {
  readonly url: string;
  /** The requests so far. */
  readonly requests: readonly string[];
  /** How many connections have ended so far. */
  endedConnections(): number;
  /** From now on exchanges go like this. */
  inject(fault: Fault): void;
  /** From now on exchanges go well. */
  mend(): void;
  /** Where the subgraph is; to be said before the first exchange that is forwarded. */
  forwardTo(url: string): void;
  /** Ends all connections and takes no new ones, as when the process of the subgraph is killed. */
  kill(): Promise<void>;
  /** Listens again, at the same address. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

/** The most bytes of a request or a response that are held. */
const maxBytes = 16 * 1024 * 1024;

const asItIs: Fault = async ({ caller, forward }) => {
  caller.write(await forward());
};

/** Starts a proxy on a free port. */
export async function startFaultProxy(): Promise<FaultProxy> {
  const requests: string[] = [];
  const connections = new Set<Socket>();
  let target: URL | undefined;
  let fault = asItIs;
  let ended = 0;

  const server = createServer((caller) => {
    connections.add(caller);
    caller.setNoDelay(true);
    caller.on('error', () => undefined);
    caller.once('close', () => {
      connections.delete(caller);
      ended += 1;
    });
    onRequests(caller, (request) => {
      requests.push(request.toString());
      const exchange: Exchange = {
        caller,
        request: request.toString(),
        forward: () => {
          if (!target) throw new Error('The proxy was not told where the subgraph is.');
          return forward(request, target, caller);
        },
      };
      void (async () => fault(exchange))().catch(() => caller.destroy());
    });
  });
  const port = await listen(server, 0);

  const endConnections = (): void => {
    for (const connection of connections) connection.destroy();
  };
  const kill = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    endConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    requests,
    endedConnections: () => ended,
    inject: (next) => {
      fault = next;
    },
    mend: () => {
      fault = asItIs;
    },
    forwardTo: (url) => {
      target = new URL(url);
    },
    kill,
    revive: async () => {
      await listen(server, port);
    },
    stop: kill,
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Calls back with each request on a connection, once it is complete. */
function onRequests(caller: Socket, onRequest: (request: Buffer) => void): void {
  let received: Buffer = Buffer.alloc(0);
  caller.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (received.length > maxBytes) caller.destroy();
    for (let length = lengthOf(received); length !== undefined; length = lengthOf(received)) {
      const request = received.subarray(0, length);
      received = received.subarray(length);
      onRequest(request);
    }
  });
}

/** Of the message that the bytes begin with, if they hold all of it; the gateway always says how long a body is. */
function lengthOf(bytes: Buffer): number | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [, bodyLength = '0'] =
    /\r\ncontent-length: (\d+)/i.exec(bytes.toString('latin1', 0, headEnd)) ?? [];
  const length = headEnd + 4 + Number(bodyLength);
  return bytes.length < length ? undefined : length;
}

/** On a connection for this request alone, so that its end is the end of the response. */
async function forward(request: Buffer, { hostname, port }: URL, caller: Socket): Promise<Buffer> {
  const subgraph = connect({ host: hostname, port: Number(port) });
  const giveUp = (): void => void subgraph.destroy();
  caller.once('close', giveUp);
  try {
    subgraph.write(closing(request));
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of subgraph) {
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) throw new Error('The response is too big for the proxy.');
      chunks.push(chunk as Buffer);
    }
    return staying(Buffer.concat(chunks));
  } finally {
    caller.off('close', giveUp);
    subgraph.destroy();
  }
}

function closing(request: Buffer): Buffer {
  return replaceInHead(request, /\r\nconnection: [^\r]*/i, '\r\nconnection: close');
}

function staying(response: Buffer): Buffer {
  return replaceInHead(response, /\r\nconnection: [^\r]*/i, '\r\nconnection: keep-alive');
}

function replaceInHead(message: Buffer, pattern: RegExp, text: string): Buffer {
  const headEnd = message.indexOf('\r\n\r\n');
  const head = message.toString('latin1', 0, headEnd).replace(pattern, text);
  return Buffer.concat([Buffer.from(head, 'latin1'), message.subarray(headEnd)]);
}
