import type { Logger } from '../../common/logger.ts';
import type { Admission } from './edge/admission.ts';
import { PacedRefusals } from './edge/paced-refusals.ts';
import type { Doorkeeper } from './edge/way-in.ts';
import type { Exchange } from './exchange.ts';
import type { Identify } from './request-context.ts';
import type { RequestRates } from './request-rates.ts';

/** What the gateway's door is made of. */
export interface DoorDependencies {
  readonly admission: Admission;
  readonly identify: Identify;
  /** Identifies and counts those who ask for a REST route. */
  readonly identifyForRest: Identify;
  readonly rates: RequestRates;
  /** The address of the GraphQL server. */
  readonly graphqlPath: string;
  /** The addresses at which sessions begin and go on. */
  readonly sessionPaths: ReadonlySet<string>;
  readonly isRestPath: (path: string) => boolean;
  /** True for a GET of the GraphQL server's address that is answered by a page. */
  readonly isPage: (exchange: Exchange) => boolean;
}

/**
 * The gateway's door. Work is what asks the graph, and whatever has a body to be read. Operations are counted to their
 * viewer or address, requests for REST routes apart; `/login` and `/refresh` by themselves, so that somebody who has asked too much can still log in.
 * They and requests with credentials are preferred.
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

/** How often the log says that requests were turned away. */
const reportEveryMs = 1_000;

/** Writes into the log how many requests were turned away, at most once a second. Gives the end of it. */
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
