import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
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
  return (token) => {
    for (const secret of secrets) {
      const viewer = verifyWith(token, secret, subgraph, clock);
      if (viewer) return viewer;
    }
    return undefined;
  };
}

function verifyWith(
  token: string,
  secret: KeyObject,
  subgraph: string,
  clock: Clock,
): Viewer | undefined {
  try {
    const { header, payload } = jwt.verify(token, secret, {
      algorithms: [algorithm],
      issuer,
      audience: subgraph,
      clockTimestamp: Math.floor(clock.now() / 1000),
      complete: true,
    });
    if (header.typ !== tokenType || typeof payload === 'string') return undefined;
    if (lifetimeOf(payload) > identityLifetimeSeconds) return undefined;
    return toViewer(payload);
  } catch {
    return undefined;
  }
}

function lifetimeOf({ iat, exp }: jwt.JwtPayload): number {
  return iat === undefined || exp === undefined ? Number.POSITIVE_INFINITY : exp - iat;
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
