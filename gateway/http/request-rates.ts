import { AppError } from '../../common/errors.ts';
import type { Viewer } from '../../common/viewer.ts';
import type { RateLimitsConfig } from '../config/rate-limits.ts';
import { addressKeyOf } from '../rates/address-key.ts';
import type { Allowance, CreateRateLimiter, Rate } from '../rates/rate-limiter.ts';
import type { Exchange } from './exchange.ts';

/** Counts requests. Each function rejects with RATE_LIMITED when there were too many. */
export interface RequestRates {
  /**
   * Counts a request against its viewer, or against its address when it is not authenticated, and sends the remaining
   * number to the client.
   */
  countRequest(exchange: Exchange, viewer: Viewer): Promise<void>;
  /** Counts a request for a REST route against its viewer or address, separately from operations. */
  countRest(exchange: Exchange, viewer: Viewer): Promise<void>;
  /** Counts a use of `/login` or `/refresh` against its address, separately from all other requests. */
  countSession(exchange: Exchange): Promise<void>;
  /** Counts a use of a guarded root field against the address, and against the account in its arguments. */
  countGuardedField(address: string, field: string, account: string | undefined): Promise<void>;
}

const windowSeconds = 60;

/** Creates the counters of a gateway. */
export function createRequestRates(
  config: RateLimitsConfig,
  createRateLimiter: CreateRateLimiter,
): RequestRates {
  const limiter = (name: string, points: number) =>
    createRateLimiter({ name, points, windowSeconds });
  const anonymous = limiter('anonymous', config.anonymousPerMinute);
  const sessions = limiter('sessions', config.sessionsPerMinute);
  const rest = limiter('rest', config.restPerMinute);
  const viewers = limiter('viewer', config.viewerPerMinute);
  const addresses = limiter('guarded-address', config.guardedPerAddressPerMinute);
  const accounts = limiter('guarded-account', config.guardedPerAccountPerMinute);
  const policies = new Map(
    [anonymous.rate, sessions.rate, rest.rate, viewers.rate].map(
      (rate) => [rate, policyOf(rate)] as const,
    ),
  );

  const tell = (exchange: Exchange, allowance: Allowance): void => {
    const { rate, remaining, resetSeconds } = allowance;
    exchange.addHeader('ratelimit-policy', policies.get(rate) ?? policyOf(rate));
    exchange.addHeader('ratelimit', `"${rate.name}";r=${remaining};t=${resetSeconds}`);
    refuseExceeded(allowance);
  };

  return {
    countRequest: async (exchange, viewer) => {
      const allowance = await (viewer.kind === 'anonymous'
        ? anonymous.take(addressKeyOf(exchange.clientAddress))
        : viewers.take(viewer.id));
      tell(exchange, allowance);
    },
    countRest: async (exchange, viewer) => {
      const client =
        viewer.kind === 'anonymous'
          ? `address:${addressKeyOf(exchange.clientAddress)}`
          : `viewer:${viewer.id}`;
      tell(exchange, await rest.take(client));
    },
    countSession: async (exchange) => {
      tell(exchange, await sessions.take(addressKeyOf(exchange.clientAddress)));
    },
    countGuardedField: async (address, field, account) => {
      refuseExceeded(await addresses.take(`${field}:${addressKeyOf(address)}`));
      if (account !== undefined) refuseExceeded(await accounts.take(`${field}:${account}`));
    },
  };
}

/** The counters of a gateway without rate limits. */
export const noRequestRates: RequestRates = {
  countRequest: () => Promise.resolve(),
  countRest: () => Promise.resolve(),
  countSession: () => Promise.resolve(),
  countGuardedField: () => Promise.resolve(),
};

/** The format of the `RateLimit-Policy` header (draft-ietf-httpapi-ratelimit-headers). */
function policyOf({ name, points, windowSeconds: seconds }: Rate): string {
  return `"${name}";q=${points};w=${seconds}`;
}

function refuseExceeded({ isExceeded, resetSeconds }: Allowance): void {
  if (!isExceeded) return;
  throw new AppError('RATE_LIMITED', `Too many requests. Try again in ${resetSeconds} s.`, {
    retryAfterSeconds: resetSeconds,
  });
}
