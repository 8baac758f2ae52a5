import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Clock } from '../../../common/clock.ts';
import { accessClaims } from '../domain/access-claims.ts';
import type { User } from '../domain/user.ts';
import type { SigningKey } from './access-token-keys.ts';

/** An access token of a user's session: a JWT of type `at+jwt` (RFC 9068), ES256. */
export type AccessTokenIssuer = (user: User, sessionId: string) => string;

/** The dependencies of the issuer. */
export interface AccessTokenIssuerDependencies {
  readonly key: SigningKey;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
}

const algorithm = 'ES256';

/** An issuer that signs with one key. */
export function createAccessTokenIssuer({
  key,
  issuer,
  audience,
  clock,
}: AccessTokenIssuerDependencies): AccessTokenIssuer {
  const header = { alg: algorithm, typ: 'at+jwt', kid: key.kid };
  return (user, sessionId) => {
    const claims = accessClaims(user, {
      issuer,
      audience,
      sessionId,
      tokenId: randomUUID(),
      issuedAt: clock.now(),
    });
    return jwt.sign({ ...claims }, key.privateKey, { algorithm, header });
  };
}
