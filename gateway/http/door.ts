import type { Logger } from '../../common/logger.ts';
import type { Admission } from './edge/admission.ts';
import { PacedRefusals } from './edge/paced-refusals.ts';
import type { Doorkeeper } from './edge/way-in.ts';
import type { Exchange } from './exchange.ts';
import type { Identify } from './request-context.ts';
import type { RequestRates } from './request-rates.ts';

/** The dependencies of the gateway's door. */
export interface DoorDependencies {
  readonly admission: Admission;
  readonly identify: Identify;
  /** Identifies and counts those who ask for a REST route. */
  readonly identifyForRest: Identify;
  readonly rates: RequestRates;
  /** The address of the GraphQL server. */
  readonly graphqlPath: string;
  /** The addresses that start and refresh sessions. */
  readonly sessionPaths: ReadonlySet<string>;
  readonly isRestPath: (path: string) => boolean;
  /** True for a GET of the GraphQL address that is answered with a page. */
  readonly isPage: (exchange: Exchange) => boolean;
}

/**
 * The gateway's doorkeeper. Work is every request to the graph, and every request with a body. Operations count against
 * their viewer or address; REST routes, and `/login` and `/refresh`, are counted separately, so that a client over its
 * limit can still log in. Logins and requests with credentials are preferred.
 */
export function createDoor({
  admission,
  identify,
  identifyForRest,
  rates,
  graphqlPath,
  sessionPaths,
  isRestPath,
  isPage,
}: DoorDependencies): Doorkeeper {
  return {
    admission,
    refusals: new PacedRefusals(),
    isWork: (exchange) => {
      const { method, headers } = exchange.request;
      if (method === 'POST' || isRestPath(exchange.path)) return true;
      if (exchange.path === graphqlPath) return method === 'GET' && !isPage(exchange);
      return headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;
    },
    isPreferred: (exchange) =>
      exchange.request.headers.authorization !== undefined || sessionPaths.has(exchange.path),
    count: (exchange) => {
      if (sessionPaths.has(exchange.path)) return rates.countSession(exchange);
      const identifyFor = isRestPath(exchange.path) ? identifyForRest : identify;
      return (exchange.viewer ??= identifyFor(exchange));
    },
  };
}

/** How often the log reports rejected requests. */
const reportEveryMs = 1_000;

/** Logs how many requests were turned away, at most once a second. Returns a function that stops it. */
export function reportTurnedAway(admission: Admission, log: Logger): () => void {
  const timer = setInterval(() => {
    const turnedAway = admission.takeTurnedAway();
    if (turnedAway === 0) return;
    log.warn({ turnedAway, limit: admission.currentLimit }, 'overloaded: requests turned away');
  }, reportEveryMs).unref();
  return () => {
    clearInterval(timer);
  };
}
