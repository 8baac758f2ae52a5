import type { Clock } from '../../common/clock.ts';
import { AppError, messageOf } from '../../common/errors.ts';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import { createCancellation } from '../fetching/cancellation.ts';
import type { Authenticate } from '../identity/authenticate.ts';
import type { SubgraphHeaders } from '../identity/subgraph-identity.ts';
import type { Exchange } from './exchange.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { RequestRates } from './request-rates.ts';

/** What contexts are made of. */
export interface ContextDependencies {
  readonly authenticate: Authenticate;
  readonly subgraphHeaders: SubgraphHeaders;
  readonly rates: RequestRates;
  /** Time from the request to the answer. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

/**
 * Finds out who asks, by the `Authorization` header, and counts the request. Rejects with an AppError for credentials
 * that are not valid, and for one request too many.
 */
export type Identify = (exchange: Exchange) => Promise<Viewer>;

/** Identifies by access tokens; what is wrong with one is for the log alone. */
export function createIdentify({
  authenticate,
  rates,
}: Pick<ContextDependencies, 'authenticate' | 'rates'>): Identify {
  return async (exchange) => {
    const viewer = await authenticateRequest(exchange, authenticate, rates);
    await rates.countRequest(exchange, viewer);
    return viewer;
  };
}

/** Makes the context of a request. Rejects as Identify does, where that has not been done yet. */
export type CreateContext = (exchange: Exchange) => Promise<GatewayContext>;

/** The context of whoever the `Authorization` header proves. */
export function createContextFactory(
  dependencies: Omit<ContextDependencies, 'rates'> & { readonly identify: Identify },
): CreateContext {
  return async (exchange) => {
    const viewer = await (exchange.viewer ??= dependencies.identify(exchange));
    return contextOf(viewer, exchange, dependencies);
  };
}

/** The context of nobody, for an operation that the gateway runs on a client's behalf. */
export function createAnonymousContextFactory(
  dependencies: Omit<ContextDependencies, 'rates'>,
): (exchange: Exchange) => GatewayContext {
  return (exchange) => contextOf(anonymous, exchange, dependencies);
}

async function authenticateRequest(
  exchange: Exchange,
  authenticate: Authenticate,
  rates: RequestRates,
): Promise<Viewer> {
  try {
    return await authenticate(exchange.request.headers.authorization);
  } catch (error) {
    if (error instanceof AppError) {
      exchange.log.info({ reason: messageOf(error.cause) }, error.message);
      // Guessing tokens is counted to where the guesses come from.
      await rates.countRequest(exchange, anonymous);
    }
    throw error;
  }
}

/**
 * No accessor may stand in it: one in a literal makes a hidden class of each object, old from the start, on which all of
 * the request hangs until the next whole collection. Nor the exchange itself: Apollo Server copies contexts, and who
 * prints one need not print the server.
 */
function contextOf(
  viewer: Viewer,
  exchange: Exchange,
  { authenticate, subgraphHeaders, requestTimeoutMs, clock }: Omit<ContextDependencies, 'rates'>,
): GatewayContext {
  const { request, response } = exchange;
  let headersFor = subgraphHeaders(viewer, request.headers);
  const cancellation = createCancellation();
  response.once('close', () => {
    if (!response.writableFinished) cancellation.cancel();
  });
  return {
    viewer,
    cancellation,
    correlationId: exchange.correlationId,
    clientAddress: exchange.clientAddress,
    deadlineAt: clock.now() + requestTimeoutMs,
    headersFor: (subgraph) => headersFor(subgraph),
    onNewSession: async (accessToken) => {
      try {
        const holder = await authenticate(`Bearer ${accessToken}`);
        headersFor = subgraphHeaders(holder, request.headers);
      } catch (error) {
        exchange.log.warn({ reason: messageOf(error) }, 'a new session could not be continued');
      }
    },
    openLog: () => exchange.log,
    noteOperation: (operation) => {
      exchange.operation = operation;
    },
  };
}
