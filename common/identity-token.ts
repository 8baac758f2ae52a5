import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from './clock.ts';
import { anonymous, isRole, type Viewer } from './viewer.ts';

/** The header that carries the signed identity from the gateway to a subgraph. */
export const identityHeader = 'x-gateway-identity';

/** The longest lifetime of a signed identity. */
const identityLifetimeSeconds = 60;

/** The minimum length of a key for HS256 (RFC 7518 §3.2). */
export const identityKeyMinBytes = 32;

const issuer = 'supergraph-gateway';
const tokenType = 'gateway-identity+jwt';
const algorithm = 'HS256';

/** A signed identity, and its expiry in Unix seconds. */
export interface SignedIdentity {
  readonly token: string;
  readonly expiresAt: number;
}

/** Signs a viewer's identity for one subgraph: a JWT (RFC 7519) with HS256, the subgraph as `aud`, valid for 60 s. */
export type IdentitySigner = (viewer: Viewer) => SignedIdentity;

/** Verifies a signed identity; `undefined` for any invalid token. */
export type IdentityVerifier = (token: string) => Viewer | undefined;

/** A signer for one subgraph. Throws a RangeError for a key under 32 bytes. */
export function createIdentitySigner(
  subgraph: string,
  key: string,
  clock: Clock = systemClock,
): IdentitySigner {
  const secret = toIdentitySecret(key);
  return (viewer) => {
    const issuedAt = Math.floor(clock.now() / 1000);
    const expiresAt = issuedAt + identityLifetimeSeconds;
    const claims = {
      ...toClaims(viewer),
      iss: issuer,
      aud: subgraph,
      iat: issuedAt,
      exp: expiresAt,
    };
    const token = jwt.sign(claims, secret, {
      algorithm,
      header: { alg: algorithm, typ: tokenType },
    });
    return { token, expiresAt };
  };
}

/** A viewer whose token was verified, until this time in Unix seconds. */
interface KnownIdentity {
  readonly viewer: Viewer;
  readonly expiresAt: number;
}

/** Of so many verified tokens the viewers are kept: the gateway sends each for up to 45 s. */
const knownMax = 5_000;

/**
 * A verifier for one subgraph. Accepts several keys, so that a key can be rotated without downtime: first the subgraph
 * gets the new key beside the old one, then the gateway signs with it, then the old one is removed.
 */
export function createIdentityVerifier(
  subgraph: string,
  keys: readonly string[],
  clock: Clock = systemClock,
): IdentityVerifier {
  const secrets = keys.map(toIdentitySecret);
  const verified = new LRUCache<string, KnownIdentity>({ max: knownMax });
  return (token) => {
    const now = Math.floor(clock.now() / 1000);
    const known = verified.get(token);
    if (known && now < known.expiresAt) return known.viewer;
    for (const secret of secrets) {
      const identity = verifyWith(token, secret, subgraph, now);
      if (!identity) continue;
      verified.set(token, identity);
      return identity.viewer;
    }
    return undefined;
  };
}

function verifyWith(
  token: string,
  secret: KeyObject,
  subgraph: string,
  now: number,
): KnownIdentity | undefined {
  try {
    const { header, payload } = jwt.verify(token, secret, {
      algorithms: [algorithm],
      issuer,
      audience: subgraph,
      clockTimestamp: now,
      complete: true,
    });
    if (header.typ !== tokenType || typeof payload === 'string') return undefined;
    const { iat, exp } = payload;
    if (iat === undefined || exp === undefined || exp - iat > identityLifetimeSeconds)
      return undefined;
    const viewer = toViewer(payload);
    return viewer && { viewer, expiresAt: exp };
  } catch {
    return undefined;
  }
}

function toClaims(viewer: Viewer): object {
  if (viewer.kind === 'anonymous') return {};
  return {
    sub: viewer.id,
    role: viewer.role,
    scope: viewer.scopes.join(' '),
    sid: viewer.sessionId,
  };
}

function toViewer(payload: jwt.JwtPayload): Viewer | undefined {
  const { sub, role, scope, sid } = payload as Record<string, unknown>;
  if (sub === undefined) return anonymous;
  if (typeof sub !== 'string' || typeof scope !== 'string' || typeof sid !== 'string')
    return undefined;
  if (!isRole(role)) return undefined;
  return { kind: 'user', id: sub, role, scopes: scope.split(' ').filter(Boolean), sessionId: sid };
}

/** The key of HS256 in a text. Throws RangeError for one under 32 bytes. */
export function toIdentitySecret(key: string): KeyObject {
  const bytes = Buffer.from(key, 'utf8');
  if (bytes.length < identityKeyMinBytes) {
    throw new RangeError(
      `An identity key needs ${identityKeyMinBytes} bytes; this one has ${bytes.length}.`,
    );
  }
  return createSecretKey(bytes);
}
