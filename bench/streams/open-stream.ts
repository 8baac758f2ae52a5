import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';

/** How clients take events. */
export type Transport = 'multipart' | 'SSE' | 'WebSocket';

const query = 'subscription { ticked { id text } }';

/** An open stream, and what it has received last. */
export class Stream {
  private tail = '';
  private expected = '';
  private onSeen: (() => void) | undefined;

  /** Takes what came; an event may come in two pieces. */
  receive(text: string): void {
    this.tail = (this.tail + text).slice(-2_000);
    this.look();
  }

  /** Resolves when it has received a text. */
  see(expected: string): Promise<void> {
    this.expected = expected;
    return new Promise((resolve) => {
      this.onSeen = resolve;
      this.look();
    });
  }

  close: () => void = () => undefined;
  /** Reads nothing more, until it is resumed. */
  pause: () => void = () => undefined;
  resume: () => void = () => undefined;

  private look(): void {
    if (!this.onSeen || !this.tail.includes(this.expected)) return;
    this.onSeen();
    this.onSeen = undefined;
    this.tail = '';
  }
}

/** Opens a stream at a gateway of this machine. */
export function openStream(transport: Transport, port: number): Promise<Stream> {
  switch (transport) {
    case 'multipart':
      return openOverHttp(port, 'multipart/mixed;subscriptionSpec=1.0');
    case 'SSE':
      return openOverHttp(port, 'text/event-stream');
    case 'WebSocket':
      return openOverWebSocket(port);
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
    stream.pause = () => socket.pause();
    stream.resume = () => socket.resume();
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
    stream.pause = () => {
      socket.pause();
    };
    stream.resume = () => {
      socket.resume();
    };
  });
}
