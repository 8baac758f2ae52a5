import type { Clock } from '../../common/clock.ts';
import { AppError, messageOf } from '../../common/errors.ts';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import { createCancellation } from '../../engine/fetching/cancellation.ts';
import type { Authenticate } from '../identity/authenticate.ts';
import type { SubgraphHeaders } from '../identity/subgraph-identity.ts';
import type { Exchange } from './exchange.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { Step } from './pipeline/stages.ts';
import type { RequestRates } from './request-rates.ts';

/** The dependencies of contexts. */
export interface ContextDependencies {
  readonly authenticate: Authenticate;
  readonly subgraphHeaders: SubgraphHeaders;
  /** The headers of an anonymous viewer. */
  readonly publicHeadersFor: (subgraph: string) => readonly string[];
  /** The time from the request to the response. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

type CountRequest = RequestRates['countRequest'];

/**
 * Authenticates by the `Authorization` header, and counts the request. Rejects with an AppError for invalid
 * credentials, and for a request over the limit.
 */
export type Identify = (exchange: Exchange) => Promise<Viewer>;

/** Authenticates by access tokens, and counts by `count`; what is wrong with a token is only logged. */
export function createIdentify(authenticate: Authenticate, count: CountRequest): Identify {
  return async (exchange) => {
    const viewer = await authenticateRequest(exchange, authenticate, count);
    await count(exchange, viewer);
    return viewer;
  };
}

/** Authenticates by the `Authorization` header, and creates the context of the request. */
export function identifyViewer(
  dependencies: ContextDependencies & { readonly identify: Identify },
): Step {
  return async (request) => {
    const { exchange } = request;
    const viewer = await (exchange.viewer ??= dependencies.identify(exchange));
    request.context = contextOf(viewer, exchange, dependencies);
    return undefined;
  };
}

/** Creates the context of a viewer without credentials, for an operation that the gateway runs on a client's behalf. */
export function identifyAnonymous(dependencies: ContextDependencies): Step {
  return (request) => {
    request.context = contextOf(anonymous, request.exchange, dependencies);
    return undefined;
  };
}

async function authenticateRequest(
  exchange: Exchange,
  authenticate: Authenticate,
  count: CountRequest,
): Promise<Viewer> {
  try {
    return await authenticate(exchange.request.headers.authorization);
  } catch (error) {
    if (error instanceof AppError) {
      exchange.log.info({ reason: messageOf(error.cause) }, error.message);
      // Guesses of tokens count against the address they come from.
      await count(exchange, anonymous);
    }
    throw error;
  }
}

/**
 * It must not contain an accessor: an accessor in a literal gives each object its own hidden class, which is allocated
 * in old space and keeps the whole request in memory until the next full collection. Nor the exchange itself: printing
 * a context would print the server.
 */
function contextOf(
  viewer: Viewer,
  exchange: Exchange,
  { authenticate, subgraphHeaders, publicHeadersFor, requestTimeoutMs, clock }: ContextDependencies,
): GatewayContext {
  const { request } = exchange;
  let headersFor = subgraphHeaders(viewer, request.headers);
  const cancellation = createCancellation();
  exchange.onLost = () => {
    cancellation.cancel();
  };
  return {
    viewer,
    cancellation,
    correlationId: exchange.correlationId,
    clientAddress: exchange.clientAddress,
    deadlineAt: clock.now() + requestTimeoutMs,
    headersFor: (subgraph) => headersFor(subgraph),
    publicHeadersFor,
    onNewSession: async (accessToken) => {
      try {
        const holder = await authenticate(`Bearer ${accessToken}`);
        headersFor = subgraphHeaders(holder, request.headers);
      } catch (error) {
        exchange.log.warn({ reason: messageOf(error) }, 'a new session could not be continued');
      }
    },
    incoming: undefined,
  };
}
