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

/** What contexts are made of. */
export interface ContextDependencies {
  readonly authenticate: Authenticate;
  readonly subgraphHeaders: SubgraphHeaders;
  /** Time from the request to the answer. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

type CountRequest = RequestRates['countRequest'];

/**
 * Finds out who asks, by the `Authorization` header, and counts the request. Rejects with an AppError for credentials
 * that are not valid, and for one request too many.
 */
export type Identify = (exchange: Exchange) => Promise<Viewer>;

/** Identifies by access tokens, and counts by one of the rates; what is wrong with a token is for the log alone. */
export function createIdentify(authenticate: Authenticate, count: CountRequest): Identify {
  return async (exchange) => {
    const viewer = await authenticateRequest(exchange, authenticate, count);
    await count(exchange, viewer);
    return viewer;
  };
}

/** Finds out who asks, by what the `Authorization` header proves, and makes the context of the request. */
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

/** Makes the context of a viewer without credentials, for an operation that the gateway runs on a client's behalf. */
export function identifyNobody(dependencies: ContextDependencies): Step {
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
      // Guessing tokens is counted to where the guesses come from.
      await count(exchange, anonymous);
    }
    throw error;
  }
}

/**
 * No accessor may stand in it: one in a literal makes a hidden class of each object, old from the start, on which all of
 * the request hangs until the next whole collection. Nor the exchange itself: who prints a context need not print the
 * server.
 */
function contextOf(
  viewer: Viewer,
  exchange: Exchange,
  { authenticate, subgraphHeaders, requestTimeoutMs, clock }: ContextDependencies,
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
    incoming: undefined,
  };
}
