import { Agent, request as send } from 'undici';
import { splitCredentials } from '../../common/address-credentials.ts';
import { correlationHeader } from '../../common/correlation.ts';
import { messageWithFullStop } from '../../common/errors.ts';
import type { EventSink, EventSource, OpenEvents } from './event-source.ts';
import { EventStreamParser } from './event-stream-parser.ts';
import { SubgraphFailure } from './failure.ts';
import { readGraphQLType } from './media-type.ts';
import type { SubgraphRequest } from './types.ts';

/** The options of subscriptions over server-sent events. */
export interface SseOptions {
  /** How long a subgraph may take to connect, and to answer. */
  readonly timeoutMs: number;
  /** How long a subgraph may be silent: it must send an event or a comment in time. 0: forever. */
  readonly silenceMs: number;
  /** The maximum size of an event. */
  readonly maxEventBytes: number;
}

/** The default of `silenceMs`: most servers send a comment every 12 s. */
export const sseDefaults = { silenceMs: 60_000 } as const satisfies Partial<SseOptions>;

/** Subscriptions at subgraphs over server-sent events; each has a connection of its own. */
export interface SseClient {
  /** Opens subscriptions at an address; `undefined` when that is no URL. */
  sourceAt(address: string): EventSource | undefined;
  /** Ends all subscriptions. */
  close(): Promise<void>;
}

/** How long the connections of ended subscriptions are kept. */
const keepAliveMs = 4_000;

/**
 * Subscribes by the distinct connections mode of graphql-sse: a POST that is answered with `next` events, and with
 * `complete`. A stream that ends without it has failed. Redirects are not followed.
 */
export function createSseClient({ timeoutMs, silenceMs, maxEventBytes }: SseOptions): SseClient {
  const agent = new Agent({
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: silenceMs,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    connect: { timeout: timeoutMs, keepAlive: true, keepAliveInitialDelay: 10_000 },
  });
  return {
    sourceAt: (address) => {
      if (!URL.canParse(address)) return undefined;
      const { url, authorization } = splitCredentials(address);
      return (request, sink) =>
        new SseStream(request, sink, maxEventBytes).open(agent, url, authorization);
    },
    close: () => agent.destroy(),
  };
}

class SseStream {
  private readonly request: SubgraphRequest;
  private readonly sink: EventSink;
  private readonly maxBytes: number;
  private readonly stopping = new AbortController();
  private isOver = false;

  constructor(request: SubgraphRequest, sink: EventSink, maxBytes: number) {
    this.request = request;
    this.sink = sink;
    this.maxBytes = maxBytes;
  }

  open(agent: Agent, url: URL, authorization: string | undefined): OpenEvents {
    this.receive(agent, url, authorization).catch((error: unknown) => {
      if (error instanceof SubgraphFailure) this.end(error);
      else if (error instanceof RangeError) this.end(this.failure(error.message));
      else this.end(this.failure(`ended a subscription: ${messageWithFullStop(error)}`, error));
    });
    return {
      close: () => {
        this.isOver = true;
        this.stopping.abort();
      },
    };
  }

  private async receive(agent: Agent, url: URL, authorization: string | undefined): Promise<void> {
    const { body, headers, context } = this.request;
    const { correlationId } = context;
    const own = ['content-type', 'application/json', 'accept', accept];
    if (correlationId !== undefined) own.push(correlationHeader, correlationId);
    if (authorization !== undefined && !headers.includes('authorization')) {
      own.push('authorization', authorization);
    }
    const response = await send(url, {
      dispatcher: agent,
      method: 'POST',
      headers: own.concat(headers),
      body,
      signal: this.stopping.signal,
    });
    const type = String(response.headers['content-type'] ?? 'no content type');
    const isStream = /^text\/event-stream\s*(?:;|$)/i.test(type) && response.statusCode === 200;
    if (isStream) await this.readEvents(response.body);
    else await this.readAnswer(response.body, type, response.statusCode);
  }

  private async readEvents(body: AsyncIterable<Buffer>): Promise<void> {
    const parser = new EventStreamParser(this.maxBytes, ({ name, data }) => {
      if (this.isOver) return;
      if (name === 'next') this.sink.next({ body: data, cacheControl: undefined });
      else if (name === 'complete') this.end();
    });
    for await (const chunk of body) {
      parser.push(chunk);
      if (this.isOver) break;
    }
    this.end(this.failure('ended a subscription without completing it.'));
  }

  /** A subgraph that refuses the operation may answer with its errors instead of a stream. */
  private async readAnswer(
    body: AsyncIterable<Buffer>,
    type: string,
    status: number,
  ): Promise<void> {
    if (readGraphQLType(type) === undefined || status === 401 || status === 403 || status >= 500) {
      const kind = JSON.stringify(type.slice(0, 100));
      throw this.failure(
        `answered a subscription with ${kind} and status ${status}; expected text/event-stream.`,
        undefined,
        status,
      );
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > this.maxBytes) throw this.failure(`sent more than ${this.maxBytes} bytes.`);
      chunks.push(chunk);
    }
    if (this.isOver) return;
    this.sink.next({ body: Buffer.concat(chunks).toString(), cacheControl: undefined });
    this.end();
  }

  private end(failure?: SubgraphFailure): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stopping.abort();
    this.sink.end(failure);
  }

  private failure(problem: string, cause?: unknown, status?: number): SubgraphFailure {
    return new SubgraphFailure('SUBGRAPH_ERROR', this.request.subgraph, problem, { cause, status });
  }
}

/** Nothing else: servers such as graphql-sse compare the whole header. */
const accept = 'text/event-stream';
