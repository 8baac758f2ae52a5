import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import {
  type AccessTokenDependencies,
  type VerifiedToken,
  verifyAccessToken,
} from './access-token.ts';
import { invalidCredentials, readBearerToken } from './bearer-token.ts';

/** When the access tokens of viewers expire. */
const expiries = new WeakMap<Viewer, number>();

/** When the access token expires that proved a viewer, in milliseconds since the Unix epoch; `undefined` without one. */
export function expiryOf(viewer: Viewer): number | undefined {
  return expiries.get(viewer);
}

/**
 * Determines the viewer from the `Authorization` header: an anonymous one without the header, otherwise that of the
 * access token. Throws the same UNAUTHENTICATED error for all invalid credentials.
 */
export type Authenticate = (authorization: string | undefined) => Promise<Viewer>;

/**
 * Caches verified tokens, at most `cacheMax`, each until it expires or its key is withdrawn; by their hash, so that no
 * token stays in memory.
 */
export function createAuthenticate(
  dependencies: AccessTokenDependencies & {
    readonly cacheMax: number;
    /** Whether the session of a viewer has ended. Default: unknown. */
    readonly isEnded?: (viewer: Viewer) => boolean;
  },
): Authenticate {
  const { clock, keys, cacheMax, isEnded } = dependencies;
  const verified = new LRUCache<string, VerifiedToken>({ max: cacheMax });
  const isKeyGood = ({ key: { kid, object } }: VerifiedToken): boolean | Promise<boolean> =>
    keys.isStill(kid, object) ?? keys.find(kid).then((key) => key === object);
  return async (authorization) => {
    const token = readBearerToken(authorization);
    if (token === undefined) return anonymous;
    const tokenHash = hash('sha256', token, 'base64');
    const known = verified.get(tokenHash);
    if (known && known.expiresAtMs > clock.now() && (await isKeyGood(known)))
      return going(known.viewer, isEnded);
    verified.delete(tokenHash);
    const fresh = await verifyAccessToken(token, dependencies);
    verified.set(tokenHash, fresh);
    expiries.set(fresh.viewer, fresh.expiresAtMs);
    return going(fresh.viewer, isEnded);
  };
}

/** A viewer whose session goes on; throws for any other. */
function going(viewer: Viewer, isEnded: ((viewer: Viewer) => boolean) | undefined): Viewer {
  if (isEnded?.(viewer) === true) throw invalidCredentials('the session has ended');
  return viewer;
}
