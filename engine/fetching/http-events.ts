import { type Agent, request as send } from 'undici';
import { splitCredentials } from '../../common/address-credentials.ts';
import { messageWithFullStop } from '../../common/errors.ts';
import type { EventSink, EventSource, OpenEvents } from './event-source.ts';
import { EventStreamParser } from './event-stream-parser.ts';
import { IncomingEvents } from './incoming-events.ts';
import { readGraphQLType } from './media-type.ts';
import { MultipartParser } from './multipart-parser.ts';
import { openingHeaders } from './opening-headers.ts';
import type { SubgraphRequest } from './types.ts';

/** What a subgraph is asked for. It decides itself which of the two it sends. */
export const acceptedEvents = {
  /** Nothing else: servers such as graphql-sse compare the whole header. */
  sse: 'text/event-stream',
  multipart: 'multipart/mixed;subscriptionSpec="1.0", text/event-stream;q=0.9',
} as const;

/**
 * Subscribes by a POST, which is answered with server-sent events (the distinct connections mode of graphql-sse) or with
 * parts (Apollo's subscriptions over multipart HTTP), as the content type says. A stream that ends without saying so has
 * failed. Redirects are not followed.
 */
export function httpEventsAt(
  address: string,
  accept: string,
  { agent, maxEventBytes }: { readonly agent: Agent; readonly maxEventBytes: number },
): EventSource {
  const { url, authorization } = splitCredentials(address);
  const opening = { agent, url, accept, authorization };
  return (request, sink) => new HttpEvents(request, sink, maxEventBytes).open(opening);
}

interface Opening {
  readonly agent: Agent;
  readonly url: URL;
  readonly accept: string;
  readonly authorization: string | undefined;
}

class HttpEvents {
  private readonly request: SubgraphRequest;
  private readonly maxBytes: number;
  private readonly stopping = new AbortController();
  private readonly events: IncomingEvents;

  constructor(request: SubgraphRequest, sink: EventSink, maxBytes: number) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.events = new IncomingEvents(request, sink, () => {
      this.stopping.abort();
    });
  }

  open(opening: Opening): OpenEvents {
    this.receive(opening).catch((error: unknown) => {
      if (error instanceof RangeError) this.events.fail(error.message);
      else
        this.events.fail(`ended a subscription: ${messageWithFullStop(error)}`, { cause: error });
    });
    return {
      close: () => {
        this.events.close();
      },
    };
  }

  private async receive({ agent, url, accept, authorization }: Opening): Promise<void> {
    const headers = ['content-type', 'application/json', 'accept', accept];
    const response = await send(url, {
      dispatcher: agent,
      method: 'POST',
      headers: [...headers, ...openingHeaders(this.request, authorization)],
      body: this.request.body,
      signal: this.stopping.signal,
    });
    const type = String(response.headers['content-type'] ?? 'no content type');
    const isOk = response.statusCode === 200;
    if (isOk && /^text\/event-stream\s*(?:;|$)/i.test(type)) {
      await this.read(response.body, this.sseReader());
    } else if (isOk && /^multipart\/mixed\s*;/i.test(type)) {
      await this.read(response.body, this.partsReader(type));
    } else {
      await this.readAnswer(response.body, type, response.statusCode);
    }
  }

  private async read(
    body: AsyncIterable<Buffer>,
    parser: { push(bytes: Uint8Array): void },
  ): Promise<void> {
    for await (const chunk of body) {
      parser.push(chunk);
      if (this.events.isOver) return;
    }
    this.events.fail('ended a subscription without completing it.');
  }

  private sseReader(): EventStreamParser {
    return new EventStreamParser(this.maxBytes, ({ name, data }) => {
      if (name === 'next') this.events.next(data);
      else if (name === 'complete') this.events.end();
    });
  }

  private partsReader(type: string): MultipartParser {
    const hasPayloads = /;\s*subscriptionSpec\s*=/i.test(type);
    return new MultipartParser(type, this.maxBytes, {
      part: (text) => {
        if (hasPayloads) this.takePart(text);
        // A heartbeat of Apollo's form is an empty object in any form.
        else if (text !== '{}') this.events.next(text);
      },
      end: () => {
        this.events.end();
      },
    });
  }

  private takePart(text: string): void {
    if (this.events.isOver) return;
    const part = this.events.readObject(text);
    if (!part || !('payload' in part)) return;
    const { payload, errors } = part;
    if (typeof payload === 'object' && payload !== null) {
      this.events.next(JSON.stringify(payload));
      return;
    }
    // The last part: with errors, the subgraph has failed or refuses.
    if (errors !== undefined) this.events.next(JSON.stringify({ errors }));
    this.events.end();
  }

  /** A subgraph that refuses the operation may answer with its errors instead of a stream. */
  private async readAnswer(
    body: AsyncIterable<Buffer>,
    type: string,
    status: number,
  ): Promise<void> {
    if (readGraphQLType(type) === undefined || status === 401 || status === 403 || status >= 500) {
      const kind = JSON.stringify(type.slice(0, 100));
      this.events.fail(
        `answered a subscription with ${kind} and status ${status}; expected ${expected}.`,
        { status },
      );
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > this.maxBytes) throw new RangeError(`sent more than ${this.maxBytes} bytes.`);
      chunks.push(chunk);
    }
    this.events.next(Buffer.concat(chunks).toString());
    this.events.end();
  }
}

const expected = 'text/event-stream, or multipart/mixed';
