import { splitCredentials } from '../../common/address-credentials.ts';
import { type Clock, systemClock } from '../../common/clock.ts';
import { Call, type Target } from './call.ts';
import { Connections } from './connections.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { SubgraphFailure } from './failure.ts';
import { Pipelining } from './pipelining.ts';
import type { SubgraphFetch, SubgraphRequest } from './types.ts';

/** Settings of the HTTP client for subgraphs. */
export interface HttpClientOptions {
  /** How long a call may take. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** The most connections to one origin. */
  readonly maxConnections: number;
  /** The most queries in flight on one connection, when pipelining is safe; 1 turns it off. */
  readonly pipeliningFor?: (subgraph: string) => number;
  readonly clock?: Clock;
}

/** An HTTP client. Its connections are kept alive between calls, and across supergraph updates. */
export interface HttpClient {
  /**
   * The fetch for subgraphs at these http or https addresses, keyed by name. Credentials in an address are sent as
   * Basic authentication.
   */
  fetchFrom(addresses: ReadonlyMap<string, string>): SubgraphFetch;
  /** Finishes the calls in flight and closes all connections. */
  close(): Promise<void>;
}

/** The defaults. */
export const httpClientDefaults = {
  timeoutMs: 30_000,
  maxResponseBytes: 10 * 1024 * 1024,
  maxConnections: 64,
  pipeliningFor: () => 8,
} as const satisfies HttpClientOptions;

/**
 * Sends subgraph requests over HTTP/1.1 as a POST with JSON. Redirects are not followed; the response must be JSON,
 * arrive before the deadline of the subgraph and of the request, and stay within the size limit. Otherwise it rejects
 * with a SubgraphFailure that says what was received. A query is cancelled when its client disconnects; a mutation is
 * not. Queries share a connection when `Pipelining` finds it safe; a mutation has a connection of its own.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock = systemClock, maxConnections, maxResponseBytes: maxBytes } = options;
  const { pipeliningFor = httpClientDefaults.pipeliningFor } = options;
  const expiries = new ExpiryQueue(clock);
  const origins = new Map<string, Connections>();
  let lastId = 0;
  const nextId = (): number => (lastId += 1);

  return {
    fetchFrom: (addresses) => {
      const targets = new Map<string, Target>();
      for (const [subgraph, address] of addresses) {
        if (URL.canParse(address)) targets.set(subgraph, targetOf(subgraph, address));
      }
      return (request) => {
        const target = targets.get(request.subgraph);
        if (!target) return Promise.reject(withoutAddress(request.subgraph));
        const now = clock.now();
        const timeoutMs = timeFor(request, now);
        return new Promise((resolve, reject) => {
          new Call(request, target, now, timeoutMs, { resolve, reject }).start(now);
        });
      };
    },
    close: async () => {
      await Promise.all([...origins.values()].map((connections) => connections.close()));
    },
  };

  function timeFor({ context: { deadlineAt } }: SubgraphRequest, now: number): number {
    const { timeoutMs } = options;
    return deadlineAt === undefined
      ? timeoutMs
      : Math.max(0, Math.min(timeoutMs, deadlineAt - now));
  }

  function targetOf(subgraph: string, address: string): Target {
    const { url, authorization } = splitCredentials(address);
    const { origin, pathname, search } = url;
    const depth = pipeliningFor(subgraph);
    const key = `${depth} ${origin}`;
    let connections = origins.get(key);
    if (!connections) {
      connections = new Connections(origin, maxConnections, new Pipelining(depth), clock);
      origins.set(key, connections);
    }
    return {
      connections,
      path: pathname + search,
      authorization,
      maxBytes,
      expiries,
      clock,
      nextId,
    };
  }
}

function withoutAddress(subgraph: string): SubgraphFailure {
  const problem =
    'has no address: expected an http or https URL in the supergraph or the settings.';
  return new SubgraphFailure('SUBGRAPH_ERROR', subgraph, problem, { neverStarted: true });
}
