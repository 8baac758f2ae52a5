import type { IncomingMessage, ServerResponse } from 'node:http';
import { correlationHeader, correlationIdFrom } from '../../common/correlation.ts';
import type { Logger } from '../../common/logger.ts';
import type { GatewayContext, OperationNote } from './request-context.ts';

/** A request and its answer, from the first byte to the log line: what all lanes share of it. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly correlationId: string;
  /** Headers that every answer carries, whoever gives it: a flat list of name, value, name, value … */
  readonly headers: string[];
  /** The body, once a lane has read it. */
  body: Buffer | undefined;
  /** The GraphQL operation, once it is known. */
  operation: OperationNote | undefined;
  /** The context of the operation, once a lane has begun to make it. */
  context: Promise<GatewayContext> | undefined;
  /** Whether the log gets a line when the exchange ends well; it always gets one when it does not. */
  isNoted = true;
  private readonly startedAt = performance.now();
  private readonly serviceLog: Logger;
  private lines: Logger | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, log: Logger) {
    this.request = request;
    this.response = response;
    this.correlationId = correlationIdFrom(request.headers[correlationHeader]);
    this.headers = [correlationHeader, this.correlationId, 'x-content-type-options', 'nosniff'];
    this.serviceLog = log;
  }

  /** Writes the correlation id into each line. */
  get log(): Logger {
    return (this.lines ??= this.serviceLog.child({ correlationId: this.correlationId }));
  }

  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  /** Without the query string: it may hold a whole operation, or a secret that should not have been there. */
  get path(): string {
    const { url = '' } = this.request;
    const end = url.indexOf('?');
    return end < 0 ? url : url.slice(0, end);
  }

  /** Gives the whole answer, with the headers that every answer carries. */
  answer(status: number, headers: readonly string[], body: string): void {
    const length = ['content-length', String(Buffer.byteLength(body))];
    this.response.writeHead(status, this.headers.concat(headers, length)).end(body);
  }
}

const exchanges = new WeakMap<IncomingMessage, Exchange>();

/** Lets those that only have the request find its exchange. */
export function publish(exchange: Exchange): void {
  exchanges.set(exchange.request, exchange);
}

/** The exchange of a request. Throws for one that was never published. */
export function exchangeOf(request: IncomingMessage): Exchange {
  const exchange = exchanges.get(request);
  if (!exchange) throw new Error('Expected a request that came through the HTTP server.');
  return exchange;
}
