import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';

/** How clients take events. */
export type Transport = 'multipart' | 'SSE' | 'WebSocket';

/** What this process is asked: to open streams, to wait for an event at all of them, or to close them. */
export type ClientsRequest =
  | { readonly open: number; readonly transport: Transport; readonly port: number }
  | { readonly expect: string }
  | 'close';

/** When that was done, in milliseconds since the Unix epoch. */
export interface ClientsReply {
  readonly atMs: number;
}

const query = 'subscription { ticked { id text } }';
const openingAtOnce = 50;

let streams: Stream[] = [];

/** An open stream, and what it has received last. */
class Stream {
  private tail = '';
  private expected = '';
  private onSeen: (() => void) | undefined;

  /** Takes what came; an event may come in two pieces. */
  receive(text: string): void {
    this.tail = (this.tail + text).slice(-2_000);
    this.look();
  }

  see(expected: string): Promise<void> {
    this.expected = expected;
    return new Promise((resolve) => {
      this.onSeen = resolve;
      this.look();
    });
  }

  close: () => void = () => undefined;

  private look(): void {
    if (!this.onSeen || !this.tail.includes(this.expected)) return;
    this.onSeen();
    this.onSeen = undefined;
    this.tail = '';
  }
}

function openOverHttp(port: number, accept: string): Promise<Stream> {
  const stream = new Stream();
  const body = JSON.stringify({ query });
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: ${accept}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    });
    socket.setEncoding('latin1');
    socket.once('data', (head: string) => {
      if (head.startsWith('HTTP/1.1 200')) resolve(stream);
      else reject(new Error(`Expected a stream; got ${head.slice(0, 300)}`));
    });
    socket.on('data', (text: string) => {
      stream.receive(text);
    });
    socket.on('error', reject);
    stream.close = () => socket.destroy();
  });
}

function openOverWebSocket(port: number): Promise<Stream> {
  const stream = new Stream();
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
    });
    socket.on('open', () => {
      socket.send('{"type":"connection_init"}');
    });
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        resolve(stream);
      } else stream.receive(text);
    });
    socket.on('error', reject);
    stream.close = () => {
      socket.terminate();
    };
  });
}

function openOne(transport: Transport, port: number): Promise<Stream> {
  switch (transport) {
    case 'multipart':
      return openOverHttp(port, 'multipart/mixed;subscriptionSpec=1.0');
    case 'SSE':
      return openOverHttp(port, 'text/event-stream');
    case 'WebSocket':
      return openOverWebSocket(port);
  }
}

async function handle(request: ClientsRequest): Promise<void> {
  if (request === 'close') {
    for (const stream of streams) stream.close();
    streams = [];
  } else if ('open' in request) {
    while (streams.length < request.open) {
      const count = Math.min(openingAtOnce, request.open - streams.length);
      const opened = Array.from({ length: count }, () => openOne(request.transport, request.port));
      streams.push(...(await Promise.all(opened)));
    }
  } else {
    await Promise.all(streams.map((stream) => stream.see(`"${request.expect}"`)));
  }
  if (process.connected)
    process.send?.({ atMs: performance.timeOrigin + performance.now() } satisfies ClientsReply);
}

process.on('message', (request: ClientsRequest) => {
  handle(request).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
