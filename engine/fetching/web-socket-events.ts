import { WebSocket } from 'ws';
import { splitCredentials } from '../../common/address-credentials.ts';
import { messageWithFullStop } from '../../common/errors.ts';
import type { EventSink, EventSource, OpenEvents } from './event-source.ts';
import { IncomingEvents } from './incoming-events.ts';
import { openingHeaders } from './opening-headers.ts';
import type { SubgraphRequest } from './types.ts';

/** The limits and ways of subscriptions over WebSockets. */
export interface WebSocketOptions {
  readonly timeoutMs: number;
  readonly silenceMs: number;
  readonly maxEventBytes: number;
  readonly headersInInit: boolean;
  /** Has a function for each open socket, which cuts it off. */
  readonly sockets: Set<() => void>;
}

/** How long a subgraph may take to close a socket that is not needed any more. */
const closeTimeoutMs = 1_000;

/**
 * Subscribes by graphql-transport-ws, over a socket for each subscription: so each has the headers of its own viewer,
 * and ends alone.
 */
export function webSocketEventsAt(address: string, options: WebSocketOptions): EventSource {
  const { url, authorization } = splitCredentials(address);
  url.protocol = url.protocol.replace('http', 'ws');
  return (request, sink) => {
    const events = new SocketEvents(request, sink, options);
    try {
      events.open(url, authorization);
    } catch (error) {
      // A header that cannot be sent.
      setImmediate(() => {
        events.fail(error);
      });
    }
    return events;
  };
}

class SocketEvents implements OpenEvents {
  private readonly request: SubgraphRequest;
  private readonly options: WebSocketOptions;
  private readonly events: IncomingEvents;
  private socket: WebSocket | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isAcknowledged = false;

  constructor(request: SubgraphRequest, sink: EventSink, options: WebSocketOptions) {
    this.request = request;
    this.options = options;
    this.events = new IncomingEvents(request, sink, () => {
      this.release();
    });
  }

  open(url: URL, authorization: string | undefined): void {
    const { timeoutMs, maxEventBytes, headersInInit, sockets } = this.options;
    const headers = headersOf(openingHeaders(this.request, authorization));
    const socket = new WebSocket(url, 'graphql-transport-ws', {
      headers,
      handshakeTimeout: timeoutMs,
      maxPayload: maxEventBytes,
      perMessageDeflate: false,
    });
    this.socket = socket;
    const terminate = (): void => {
      socket.terminate();
    };
    sockets.add(terminate);
    socket.on('open', () => {
      socket.send(
        JSON.stringify({ type: 'connection_init', payload: headersInInit ? headers : undefined }),
      );
      this.failAfter(timeoutMs, `did not acknowledge a connection within ${timeoutMs} ms.`);
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.events.fail('sent a message that is not text.');
      else this.take((data as Buffer).toString());
    });
    // Any sign of life counts.
    socket.on('ping', () => {
      this.heard();
    });
    socket.on('pong', () => {
      this.heard();
    });
    socket.on('error', (error) => {
      const isTooLarge = 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      if (isTooLarge) this.events.fail(`sent a message of more than ${maxEventBytes} bytes.`);
      else this.fail(error);
    });
    socket.on('close', (code, reason) => {
      sockets.delete(terminate);
      const why = reason.length > 0 ? `: ${JSON.stringify(reason.toString())}` : '';
      this.events.fail(`closed the connection of a subscription with code ${code}${why}.`);
    });
  }

  close(): void {
    this.events.close();
  }

  fail(error: unknown): void {
    this.events.fail(`ended a subscription: ${messageWithFullStop(error)}`, { cause: error });
  }

  private take(text: string): void {
    if (this.events.isOver) return;
    const message = this.events.readObject(text);
    if (!message) return;
    const { type, id, payload } = message;
    if (type === 'connection_ack') this.subscribe();
    else if (type === 'ping') this.socket?.send('{"type":"pong"}');
    this.heard();
    if (id !== operationId || !this.isAcknowledged) return;
    if (type === 'next') this.events.next(JSON.stringify(payload ?? null));
    else if (type === 'error') {
      this.events.next(JSON.stringify({ errors: payload }));
      this.events.end();
    } else if (type === 'complete') this.events.end();
  }

  private subscribe(): void {
    if (this.isAcknowledged) return;
    this.isAcknowledged = true;
    this.socket?.send(`{"id":"${operationId}","type":"subscribe","payload":${this.request.body}}`);
  }

  /** Waits for the next sign of life, and asks for one halfway. */
  private heard(): void {
    const { silenceMs } = this.options;
    if (!this.isAcknowledged || this.events.isOver) return;
    clearTimeout(this.timer);
    if (silenceMs === 0) return;
    this.timer = setTimeout(() => {
      this.socket?.ping();
      this.failAfter(silenceMs / 2, `was silent for ${silenceMs} ms.`);
    }, silenceMs / 2);
  }

  private failAfter(ms: number, problem: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.events.fail(problem);
    }, ms);
  }

  /** Ends the operation and closes the socket; cuts it off when the subgraph does not close it in time. */
  private release(): void {
    clearTimeout(this.timer);
    const { socket } = this;
    if (!socket) return;
    if (socket.readyState !== socket.OPEN) {
      socket.terminate();
      return;
    }
    if (this.isAcknowledged) socket.send(`{"id":"${operationId}","type":"complete"}`);
    socket.close(1000);
    const cutting = setTimeout(() => {
      socket.terminate();
    }, closeTimeoutMs);
    socket.once('close', () => {
      clearTimeout(cutting);
    });
  }
}

/** Each socket has one operation. */
const operationId = '1';

/** A flat list of headers as an object; of those with one name, the last counts. */
function headersOf(list: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let at = 0; at < list.length; at += 2) headers[list[at] ?? ''] = list[at + 1] ?? '';
  return headers;
}
