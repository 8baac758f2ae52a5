import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { type Agent, request as send } from 'undici';
import { splitCredentials } from '../../common/address-credentials.ts';
import { messageWithFullStop } from '../../common/errors.ts';
import type { EventSink, EventSource, OpenEvents } from './event-source.ts';
import { IncomingEvents } from './incoming-events.ts';
import { openingHeaders } from './opening-headers.ts';
import type { SubgraphRequest } from './types.ts';

/** The version of the protocol, as both sides name it in `subscription-protocol`. */
export const callbackProtocol = 'callback/1.0';

/** Where subgraphs post their events. */
export interface CallbackOptions {
  /** The URL at which subgraphs reach this process; the id of a subscription is added as the last segment of its path. */
  readonly url: () => string;
  /** How long a subgraph may be silent; it is asked to say four times as often that it lives. 0: forever. */
  readonly silenceMs: number;
}

/** The status of the answer to a subgraph; 404 tells it to stop. */
export type CallbackStatus = 204 | 400 | 401 | 404;

/**
 * Subscriptions whose events subgraphs post to the gateway (Apollo's HTTP callback protocol 1.0): each has an id and a
 * secret that are made when it is opened, and that every message of its subgraph must repeat.
 */
export class CallbackEvents {
  private readonly options: CallbackOptions;
  private readonly open = new Map<string, Waiting>();
  private timer: NodeJS.Timeout | undefined;

  constructor(options: CallbackOptions) {
    this.options = options;
  }

  /** Opens subscriptions at an address. */
  sourceAt(address: string, agent: Agent): EventSource {
    const { url, authorization } = splitCredentials(address);
    return (request, sink) => this.start(request, sink, { agent, url, authorization });
  }

  /** True for the id of a subscription that is open: the body of any other message is not worth reading. */
  isOpen(id: string): boolean {
    return this.open.has(id);
  }

  /** Takes a message of a subgraph: parsed JSON, unchecked. */
  receive(id: string, message: unknown): CallbackStatus {
    const waiting = this.open.get(id);
    if (!waiting) return 404;
    if (typeof message !== 'object' || message === null) return 400;
    const { kind, action, id: named, verifier, payload, errors } = message as CallbackMessage;
    if (typeof verifier !== 'string' || !isSame(verifier, waiting.verifier)) return 401;
    if (kind !== 'subscription' || named !== id) return 400;
    waiting.heardAt = performance.now();
    switch (action) {
      case 'check':
        waiting.isChecked = true;
        return 204;
      case 'next':
        if (typeof payload !== 'object' || payload === null) return 400;
        waiting.events.next(JSON.stringify(payload));
        return 204;
      case 'complete':
        if (Array.isArray(errors) && errors.length > 0) {
          waiting.events.next(JSON.stringify({ errors }));
        }
        waiting.events.end();
        return 204;
      default:
        return 400;
    }
  }

  /** Ends all of them; subgraphs learn it by the answer to their next message. */
  close(): void {
    for (const { events } of [...this.open.values()]) events.close();
  }

  private start(request: SubgraphRequest, sink: EventSink, opening: Opening): OpenEvents {
    const id = randomUUID();
    const stopping = new AbortController();
    const events = new IncomingEvents(request, sink, () => {
      stopping.abort();
      this.forget(id);
    });
    const verifier = randomBytes(32).toString('base64url');
    const waiting: Waiting = { verifier, events, heardAt: performance.now(), isChecked: false };
    this.open.set(id, waiting);
    this.watch();
    this.post(id, waiting, request, { ...opening, signal: stopping.signal }).catch(
      (error: unknown) => {
        if (error instanceof RangeError) events.fail(error.message);
        else events.fail(`was not subscribed to: ${messageWithFullStop(error)}`, { cause: error });
      },
    );
    return {
      close: () => {
        events.close();
      },
    };
  }

  private async post(
    id: string,
    waiting: Waiting,
    request: SubgraphRequest,
    { agent, url, authorization, signal }: Opening & { readonly signal: AbortSignal },
  ): Promise<void> {
    const own = this.options.url().replace(/\/$/, '');
    const subscription = {
      callbackUrl: `${own}/${id}`,
      subscriptionId: id,
      verifier: waiting.verifier,
      heartbeatIntervalMs: Math.floor(this.options.silenceMs / 4),
    };
    const extensions = JSON.stringify({ subscription });
    const headers = [
      ...['content-type', 'application/json'],
      ...['accept', 'application/json;callbackSpec=1.0'],
      ...openingHeaders(request, authorization),
    ];
    const response = await send(url, {
      dispatcher: agent,
      method: 'POST',
      headers,
      body: `${request.body.slice(0, -1)},"extensions":${extensions}}`,
      signal,
    });
    const text = await readUpTo(response.body, openingMaxBytes);
    const { events } = waiting;
    if (events.isOver) return;
    const answer = events.readObject(text);
    if (!answer) return;
    if (Array.isArray(answer.errors) && response.statusCode < 500) {
      events.next(text);
      events.end();
    } else if (response.statusCode !== 200 || !waiting.isChecked) {
      events.fail(
        `answered a subscription with status ${response.statusCode}, ${waiting.isChecked ? 'after' : 'without'} a check at ${own}.`,
        { status: response.statusCode },
      );
    }
  }

  private forget(id: string): void {
    this.open.delete(id);
    if (this.open.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** One timer for all, while there are any. */
  private watch(): void {
    const { silenceMs } = this.options;
    if (silenceMs === 0 || this.timer) return;
    this.timer = setInterval(
      () => {
        const latest = performance.now() - silenceMs;
        for (const { heardAt, events } of [...this.open.values()])
          if (heardAt < latest) events.fail(`was silent for more than ${silenceMs} ms.`);
      },
      Math.max(silenceMs / 4, 10),
    ).unref();
  }
}

/** An open subscription. */
interface Waiting {
  readonly verifier: string;
  readonly events: IncomingEvents;
  heardAt: number;
  isChecked: boolean;
}

interface Opening {
  readonly agent: Agent;
  readonly url: URL;
  readonly authorization: string | undefined;
}

interface CallbackMessage {
  readonly kind?: unknown;
  readonly action?: unknown;
  readonly id?: unknown;
  readonly verifier?: unknown;
  readonly payload?: unknown;
  readonly errors?: unknown;
}

/** The most bytes of the answer to the opening, which has no data. */
const openingMaxBytes = 100_000;

async function readUpTo(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RangeError(`sent more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Compares in the same time wherever the difference is. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
