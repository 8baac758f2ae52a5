import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Clock } from '../../common/clock.ts';
import { AppError, messageOf } from '../../common/errors.ts';
import { isRole, type Viewer } from '../../common/viewer.ts';
import { invalidCredentials } from './bearer-token.ts';
import type { JsonWebKeys } from './json-web-keys.ts';

const algorithm = 'ES256';

/** The type of an access token (RFC 9068 §2.1); a subgraph identity or an ID token has another. */
const tokenTypes: ReadonlySet<unknown> = new Set(['at+jwt', 'application/at+jwt']);

/** Headers with which a token would choose its own key or require unsupported extensions (RFC 7515 §4.1). */
const refusedHeaders = ['crit', 'jku', 'jwk', 'x5u', 'x5c'];

/** How far the issuer's clock may be ahead of ours. */
const clockSkewSeconds = 60;

/** What a token proves, and until when, in milliseconds since the Unix epoch; no longer than its key is published. */
export interface VerifiedToken {
  readonly viewer: Viewer;
  readonly expiresAtMs: number;
  readonly key: { readonly kid: string; readonly object: KeyObject };
}

/** The dependencies of the verifier. */
export interface AccessTokenDependencies {
  readonly issuer: string;
  readonly audience: string;
  /** A token is valid for no longer than this from its `iat`, whatever its `exp` is. */
  readonly maxLifetimeSeconds: number;
  readonly keys: JsonWebKeys;
  readonly clock: Clock;
}

/**
 * Verifies an access token: a JWT (RFC 9068) signed with ES256 by a published key of the issuer, for this audience,
 * with `sub`, `role`, `scope`, `sid`, `iat` and `exp`. Throws the same UNAUTHENTICATED error for everything else.
 */
export async function verifyAccessToken(
  token: string,
  { issuer, audience, maxLifetimeSeconds, keys, clock }: AccessTokenDependencies,
): Promise<VerifiedToken> {
  const kid = keyIdOf(token);
  const key = await keys.find(kid);
  if (!key) throw invalidCredentials('unknown key id');
  try {
    const clockTimestamp = Math.floor(clock.now() / 1000);
    const { iat, exp, viewer } = readClaims(
      jwt.verify(token, key, { algorithms: [algorithm], issuer, audience, clockTimestamp }),
    );
    const endsAt = Math.min(exp, iat + maxLifetimeSeconds);
    if (iat > clockTimestamp + clockSkewSeconds) throw invalidCredentials('not issued yet');
    if (endsAt <= clockTimestamp) throw invalidCredentials('too old');
    return { viewer, expiresAtMs: endsAt * 1000, key: { kid, object: key } };
  } catch (error) {
    throw error instanceof AppError ? error : invalidCredentials(messageOf(error), error);
  }
}

/** Checks the header before any key is looked up, so that a foreign token costs nothing. */
function keyIdOf(token: string): string {
  const header = headerOf(token);
  if (header.get('alg') !== algorithm) throw invalidCredentials('wrong algorithm');
  if (!tokenTypes.has(header.get('typ'))) throw invalidCredentials('wrong type');
  if (refusedHeaders.some((name) => header.has(name))) throw invalidCredentials('refused header');
  const kid = header.get('kid');
  if (typeof kid !== 'string') throw invalidCredentials('no key id');
  return kid;
}

function headerOf(token: string): ReadonlyMap<string, unknown> {
  try {
    const text = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8');
    const header: unknown = JSON.parse(text);
    return new Map(Object.entries(header as object));
  } catch (error) {
    throw invalidCredentials('malformed header', error);
  }
}

function readClaims(payload: jwt.JwtPayload | string): {
  readonly viewer: Viewer;
  readonly iat: number;
  readonly exp: number;
} {
  if (typeof payload === 'string') throw invalidCredentials('no claims');
  const { sub, role, scope, sid, iat, exp } = payload as Record<string, unknown>;
  if (!isText(sub) || !isText(sid) || typeof scope !== 'string' || !isRole(role)) {
    throw invalidCredentials('missing claims');
  }
  if (typeof exp !== 'number') throw invalidCredentials('no end');
  if (typeof iat !== 'number') throw invalidCredentials('no beginning');
  const scopes = scope.split(' ').filter(Boolean);
  return {
    viewer: { kind: 'user', id: sub, role, scopes, sessionId: sid },
    iat,
    exp,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
