import { Agent } from 'undici';
import type { EventProtocol } from '../../common/event-protocols.ts';
import type { CallbackEvents } from './callback-events.ts';
import type { EventSource } from './event-source.ts';
import { acceptedEvents, httpEventsAt } from './http-events.ts';
import { webSocketEventsAt } from './web-socket-events.ts';

/** The limits of subscriptions at subgraphs. */
export interface EventStreamOptions {
  /** How long a subgraph may take to connect, and to answer. */
  readonly timeoutMs: number;
  /**
   * How long a subgraph may be silent: it must send an event, a comment, a heartbeat or the answer to a ping in time. 0:
   * forever.
   */
  readonly silenceMs: number;
  /** The maximum size of an event. */
  readonly maxEventBytes: number;
  /** Where subgraphs post events; without it, no subgraph can be subscribed to by `callback`. */
  readonly callbacks?: CallbackEvents | undefined;
}

/** The default of `silenceMs`: most servers send a comment every 12 s. */
export const eventStreamDefaults = {
  silenceMs: 60_000,
} as const satisfies Partial<EventStreamOptions>;

/** Where and how the subscriptions of a subgraph are opened. */
export interface EventRoute {
  /** Default: `sse`. */
  readonly protocol?: EventProtocol | undefined;
  /** Default: the address for queries. */
  readonly url?: string | undefined;
  /** Whether the headers are also the payload of `connection_init`, for servers that read them there. Default: false. */
  readonly headersInInit?: boolean | undefined;
}

/** Subscriptions at subgraphs; each has a connection of its own. */
export interface EventStreams {
  /** Opens subscriptions at an address; `undefined` when that is no URL. */
  sourceAt(address: string, route?: EventRoute): EventSource | undefined;
  /** Ends all subscriptions. */
  close(): Promise<void>;
}

const protocols = /^(?:https?|wss?):/i;

/** How long the connections of ended subscriptions are kept. */
const keepAliveMs = 4_000;

/** Creates a client for all protocols. */
export function createEventStreams(options: EventStreamOptions): EventStreams {
  const { timeoutMs, silenceMs, maxEventBytes } = options;
  const agent = new Agent({
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: silenceMs,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    connect: { timeout: timeoutMs, keepAlive: true, keepAliveInitialDelay: 10_000 },
  });
  const sockets = new Set<() => void>();
  return {
    sourceAt: (
      subgraphUrl,
      { protocol = 'sse', url = subgraphUrl, headersInInit = false } = {},
    ) => {
      if (!URL.canParse(url) || !protocols.test(url)) return undefined;
      switch (protocol) {
        case 'callback':
          return options.callbacks?.sourceAt(url, agent);
        case 'graphql-transport-ws':
          return webSocketEventsAt(url, { ...options, headersInInit, sockets });
        default:
          return httpEventsAt(url, acceptedEvents[protocol], { agent, maxEventBytes });
      }
    },
    close: async () => {
      options.callbacks?.close();
      for (const terminate of [...sockets]) terminate();
      await agent.destroy();
    },
  };
}
