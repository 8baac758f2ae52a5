import type { IncomingMessage, ServerResponse } from 'node:http';
import { correlationHeader, correlationIdFrom } from '../../common/correlation.ts';
import type { Logger } from '../../common/logger.ts';
import type { Viewer } from '../../common/viewer.ts';
import { heldNowhere, writeParts } from '../../common/write-parts.ts';
import type { EventFormat } from '../../engine/streams/event-formats.ts';
import { EventWriter } from '../../engine/streams/event-writer.ts';
import type { SubscriptionStream } from '../../engine/streams/subscription-stream.ts';
import type { ClientAddress } from './edge/client-address.ts';
import type { OperationNote } from './gateway-context.ts';

/** A request and its response, from the first byte to the log line. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly correlationId: string;
  /** Headers of every response, whatever part answers: a flat list of name, value, name, value … */
  headers: string[];
  /** The body, once it has been read. */
  body: Buffer | undefined;
  /** The viewer, once authentication has started. */
  viewer: Promise<Viewer> | undefined;
  /** Why the request is refused; the part that answers turns it into a message. */
  refusal: Error | undefined;
  /** The GraphQL operation, once it is known. */
  operation: OperationNote | undefined;
  /** Gives its place among the requests in flight to another; called when the response is ready. */
  leave: (() => void) | undefined;
  /** Called when the client disconnects before the response has ended. */
  onLost: (() => void) | undefined;
  /** Whether a successful exchange is logged; a failed one always is. */
  isNoted = true;
  /** Turned away because of overload: these are counted, and not logged one by one. */
  isTurnedAway = false;
  private readonly startedAt = performance.now();
  private readonly serviceLog: Logger;
  private readonly addressOf: ClientAddress;
  private lines: Logger | undefined;
  private isRouted = false;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    {
      log,
      addressOf,
      headers,
    }: {
      readonly log: Logger;
      readonly addressOf: ClientAddress;
      readonly headers: readonly string[];
    },
  ) {
    this.request = request;
    this.response = response;
    this.correlationId = correlationIdFrom(request.headers[correlationHeader]);
    this.headers = [correlationHeader, this.correlationId, ...headers];
    this.serviceLog = log;
    this.addressOf = addressOf;
  }

  /** Adds the correlation id to each line. */
  get log(): Logger {
    return (this.lines ??= this.serviceLog.child({ correlationId: this.correlationId }));
  }

  /** The address of the client; empty once the connection is gone. */
  get clientAddress(): string {
    return this.addressOf(this.request);
  }

  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  /** Without the query string: it may contain a whole operation, or a secret that should not be there. */
  get path(): string {
    const { url = '' } = this.request;
    const end = url.indexOf('?');
    return end < 0 ? url : url.slice(0, end);
  }

  /** Adds a header of every response; names in lower case. */
  addHeader(name: string, value: string): void {
    this.headers.push(name, value);
    if (this.isRouted && !this.response.headersSent) this.response.setHeader(name, value);
  }

  /** Leaves the response to the routes: they have the response object, and find the exchange by its request. */
  leaveToRoutes(): void {
    this.isRouted = true;
    for (let at = 0; at < this.headers.length; at += 2) {
      this.response.setHeader(String(this.headers[at]), String(this.headers[at + 1]));
    }
    exchanges.set(this.request, this);
  }

  /** Sends a response without a body. */
  answerEmpty(status: 204, headers: readonly string[]): void {
    this.response.writeHead(status, this.headers.concat(headers)).end();
  }

  /** Sends the whole response, with the headers of every response. */
  answer(status: number, headers: readonly string[], body: string | Buffer): void {
    const length = ['content-length', String(Buffer.byteLength(body))];
    this.response.writeHead(status, this.headers.concat(headers, length)).end(body);
  }

  /** Sends a response in parts, as `writeParts` does. */
  async answerInParts(headers: readonly string[], parts: AsyncIterator<string>): Promise<void> {
    this.response.writeHead(200, this.headers.concat(headers, heldNowhere));
    await writeParts(this.response, parts);
  }

  /**
   * Sends the events of a subscription. It may be open for days: what the line in the log does not need is forgotten, and
   * its place among the requests in flight is free.
   */
  answerWithEvents(
    headers: readonly string[],
    stream: SubscriptionStream,
    format: EventFormat,
  ): void {
    const { response, leave } = this;
    response.writeHead(200, this.headers.concat(headers, heldNowhere));
    if (leave) {
      leave();
      response.off('prefinish', leave);
    }
    this.leave = undefined;
    this.onLost = undefined;
    this.lines = undefined;
    this.body = undefined;
    this.viewer = undefined;
    this.headers = [];
    new EventWriter(response, stream, format, this).start();
  }

  /** Its response could not be completed, and is cut off. */
  fail(error: unknown): void {
    this.log.error({ err: error }, 'request failed');
    this.response.destroy();
  }

  /** To be called once, when the response has ended, whatever way. */
  closed(): void {
    this.leave?.();
    if (!this.response.writableFinished) this.onLost?.();
  }
}

const exchanges = new WeakMap<IncomingMessage, Exchange>();

/** The exchange of a request that was left to the routes. Throws for any other. */
export function exchangeOf(request: IncomingMessage): Exchange {
  const exchange = exchanges.get(request);
  if (!exchange) throw new Error('Expected a request that came through the HTTP server.');
  return exchange;
}
