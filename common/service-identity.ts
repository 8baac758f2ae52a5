import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { type Clock, systemClock } from './clock.ts';
import { toIdentitySecret } from './identity-token.ts';

/** The metadata that carries the signed identity of a service that calls another one, beside the gateway. */
export const serviceIdentityHeader = 'x-service-identity';

/** Gives a signed identity: a JWT (RFC 7519), HS256, `iss` is the service, `aud` the one it calls, at most 60 s. */
export type ServiceIdentitySigner = () => string;

/** Reads a signed identity: the name of the service; `undefined` for anything that is not one, whatever is wrong with it. */
export type ServiceIdentityVerifier = (token: string) => string | undefined;

/** Another type than that of a viewer's identity: where one is asked for, the other is none. */
const tokenType = 'service-identity+jwt';
const algorithm = 'HS256';
const lifetimeSeconds = 60;

/** A token with less than this left is not used again: it has to arrive, and clocks differ. */
const renewedBeforeSeconds = 30;

/** A signer for the calls of one service to another. Throws RangeError for a key under 32 bytes. */
export function createServiceIdentitySigner(
  { service, audience }: { readonly service: string; readonly audience: string },
  key: string,
  clock: Clock = systemClock,
): ServiceIdentitySigner {
  const secret = toIdentitySecret(key);
  let signed = { token: '', expiresAt: 0 };
  return () => {
    const issuedAt = Math.floor(clock.now() / 1000);
    if (signed.expiresAt - issuedAt >= renewedBeforeSeconds) return signed.token;
    const expiresAt = issuedAt + lifetimeSeconds;
    const claims = { iss: service, aud: audience, iat: issuedAt, exp: expiresAt };
    const header = { alg: algorithm, typ: tokenType };
    signed = { token: jwt.sign(claims, secret, { algorithm, header }), expiresAt };
    return signed.token;
  };
}

/** A verifier for the service that is called. Takes several keys so that one can be rotated without downtime. */
export function createServiceIdentityVerifier(
  audience: string,
  keys: readonly string[],
  clock: Clock = systemClock,
): ServiceIdentityVerifier {
  const secrets = keys.map(toIdentitySecret);
  return (token) => {
    for (const secret of secrets) {
      const service = verifyWith(token, secret, audience, clock);
      if (service !== undefined) return service;
    }
    return undefined;
  };
}

function verifyWith(
  token: string,
  secret: KeyObject,
  audience: string,
  clock: Clock,
): string | undefined {
  try {
    const { header, payload } = jwt.verify(token, secret, {
      algorithms: [algorithm],
      audience,
      clockTimestamp: Math.floor(clock.now() / 1000),
      complete: true,
    });
    if (header.typ !== tokenType || typeof payload === 'string') return undefined;
    const { iss, iat, exp } = payload;
    if (iat === undefined || exp === undefined || exp - iat > lifetimeSeconds) return undefined;
    return iss;
  } catch {
    return undefined;
  }
}
